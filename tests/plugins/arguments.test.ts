import { flag, list, oneOf, takes, wholeNumber } from "@qpp/plugins/arguments";
import { describe, expect, it } from "vitest";

const schema = takes(
  {
    verbose: flag("Say more"),
    quick: flag("Be quick", true),
    limit: wholeNumber("Rows", { least: 1, most: 0xffff, initial: 20 }),
    order: oneOf("Order", ["up", "down"], "up"),
    match: list("Texts"),
  },
  ({ verbose, limit }) => (verbose && limit === 1 ? "verbose with limit=1 makes no sense" : undefined),
);

const validate = (given: Record<string, string>) => schema["~standard"].validate(given);

describe("arguments", () => {
  it("have their initial values when they are not given", () => {
    expect(validate({})).toEqual({
      value: { verbose: false, quick: true, limit: 20, order: "up", match: [] },
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
  });

  it.each([
    [{ verbose: "1" }, '"1" is no value for it; it must be on, true, yes, off, false or no'],
    [{ limit: "0" }, '"0" is no value for it; it must be a whole number from 1 to 65535'],
    [{ limit: "65536" }, "65535"],
    [{ limit: "-1" }, "65535"],
    [{ limit: "1e3" }, "65535"],
    [{ limit: "" }, "65535"],
    [{ order: "Up" }, "one of up, down"],
    [{ match: "" }, "a text that is not empty"],
    [
      { verbos: "on" },
      'unknown; did you mean "verbose"? the plugin takes verbose, quick, limit, order, match',
    ],
    [{ constructor: "on" }, "unknown; the plugin takes verbose, quick, limit, order, match"],
    [{ verbose: "on", limit: "1" }, "verbose with limit=1 makes no sense"],
  ])("refuse %o", (given, message) => {
    expect(validate(given)).toMatchObject({ issues: [{ message: expect.stringContaining(message) }] });
  });

  it("tell about themselves as JSON Schema", () => {
    expect(schema["~standard"].jsonSchema.input()).toMatchObject({
      type: "object",
      properties: {
        verbose: {
          description: "Say more",
          default: "off",
          enum: ["on", "true", "yes", "off", "false", "no"],
        },
        limit: { description: "Rows; a whole number from 1 to 65535", default: "20" },
        order: { enum: ["up", "down"], default: "up" },
      },
    });
  });
});
