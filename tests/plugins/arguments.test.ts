import { flag, list, oneOf, takes, wholeNumber } from "@qpp/plugins/arguments";
import * as v from "valibot";
import { describe, expect, it } from "vitest";

const schema = v.pipe(
  takes({
    verbose: flag("Say more"),
    quick: flag("Be quick", true),
    limit: wholeNumber("Rows", { least: 1, most: 0xffff, initial: 20 }),
    order: oneOf("Order", ["up", "down"], "up"),
    match: list("Texts"),
  }),
  v.check(({ verbose, limit }) => !(verbose && limit === 1), "verbose with limit=1 makes no sense"),
);

const validate = (given: Record<string, string>) => schema["~standard"].validate(given);

describe("arguments", () => {
  it("have their initial values when they are not given", () => {
    expect(v.parse(schema, {})).toEqual({
      verbose: false,
      quick: true,
      limit: 20,
      order: "up",
      match: [],
    });
  });

  it.each([
    ["on", true],
    ["true", true],
    ["yes", true],
    ["off", false],
    ["false", false],
    ["no", false],
  ])("read the switch %s as QEMU does", (text, value) => {
    expect(validate({ verbose: text })).toMatchObject({ value: { verbose: value } });
  });

  it("read numbers, words, and lists joined by commas", () => {
    expect(validate({ limit: "0x10", order: "down", match: "a,b" })).toMatchObject({
      value: { limit: 16, order: "down", match: ["a", "b"] },
    });
    expect(validate({ limit: "0XfF", match: "a" })).toMatchObject({ value: { limit: 255, match: ["a"] } });
  });

  it.each([
    [{ verbose: "1" }, '"1" is no value for it; it must be on, true, yes, off, false or no'],
    [{ limit: "0" }, '"0" is no value for it; it must be a whole number from 1 to 65535'],
    [{ limit: "65536" }, "65535"],
    [{ limit: "-1" }, "65535"],
    [{ limit: "1e3" }, "65535"],
    [{ limit: "" }, "65535"],
    [{ limit: "0x" }, "65535"],
    [{ limit: "0x10000" }, "65535"],
    [{ order: "Up" }, "one of up, down"],
    [{ match: "a,,b" }, '"a,,b" is no value for it; it must be a text that is not empty'],
    [{ match: "" }, "a text that is not empty"],
    [
      { verbos: "on" },
      'unknown; did you mean "verbose"? the plugin takes verbose, quick, limit, order, match',
    ],
    [
      { tarce: "on", verbos: "on", others: "1" },
      "unknown, as are verbos, others; the plugin takes verbose, quick, limit, order, match",
    ],
    [{ constructor: "on" }, "unknown; the plugin takes verbose, quick, limit, order, match"],
    [{ verbose: "on", limit: "1" }, "verbose with limit=1 makes no sense"],
  ])("refuse %o", (given, message) => {
    expect(validate(given)).toMatchObject({ issues: [{ message: expect.stringContaining(message) }] });
  });

  it("are all told when several are wrong, each by its name", () => {
    const { issues } = v.safeParse(schema, { limit: "0", order: "Up", verbos: "on", match: "a,," });
    expect(issues?.map((issue) => v.getDotPath(issue))).toEqual(["limit", "order", "match", "verbos"]);
  });

  it("can be mixed with the library's own, which may have to be given", () => {
    const mixed = takes({ loud: flag("Say more"), path: v.pipe(v.string(), v.startsWith("/")) });
    expect(v.parse(mixed, { path: "/a" })).toEqual({ loud: false, path: "/a" });
    expect(v.safeParse(mixed, {}).issues).toMatchObject([
      { message: "it must be given", path: [{ key: "path" }] },
    ]);
    const typed: { loud: boolean; path: string } = v.parse(mixed, { path: "/" });
    expect(typed.loud).toBe(false);
    // @ts-expect-error the initial value is none of the words
    expect(oneOf("Order", ["up", "down"], "left").type).toBe("optional");
  });
});
