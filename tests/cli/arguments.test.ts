import { createContainer, plugin } from "@qpp/core";
import { flag, list, oneOf, takes, wholeNumber } from "@qpp/plugins/arguments";
import * as v from "valibot";
import { expect, it } from "vitest";
import { z } from "zod";
import { describeArguments } from "../../packages/cli/src/plugins/arguments.js";

const schema = z.object({
  limit: z.coerce.number().int().max(99).default(10).describe("How many"),
  order: z.enum(["up", "down"]),
});

it("a schema of another library types, checks and describes the arguments of a plugin", async () => {
  const seen: [number, "up" | "down"][] = [];
  const sorted = plugin("sorted", {
    args: schema,
    install({ args }) {
      seen.push([args.limit, args.order]);
      // @ts-expect-error the schema has no such argument
      expect(args.nonsense).toBeUndefined();
    },
  });
  const load = async (args: Record<string, string>): Promise<readonly string[]> => {
    const container = createContainer({ host: { log: () => {}, fault: () => {} } });
    return (await container.load([{ plugin: sorted, args }])).problems.map(({ message }) => message);
  };
  expect(await load({ limit: "7", order: "up" })).toEqual([]);
  expect(await load({ order: "down" })).toEqual([]);
  expect(seen).toEqual([
    [7, "up"],
    [10, "down"],
  ]);
  const [message, ...more] = await load({ limit: "100", order: "left" });
  expect(more).toEqual([]);
  expect(message).toMatch(/^plugin "sorted": argument "limit": Too big.*; argument "order": Invalid option/);
});

it("what a schema tells of its arguments is shown, and said to be missing where it cannot tell", async () => {
  expect(await describeArguments(undefined)).toBe("none");
  expect(await describeArguments(z.object({}))).toBe("none");
  expect(await describeArguments(schema)).toBe(
    [
      "argument  default     what it does",
      "limit     10          How many; integer to 99",
      "order     (required)  up, down",
    ].join("\n"),
  );
  const silent = "its schema does not tell; see the plugin's documentation";
  expect(await describeArguments(z.object({ big: z.bigint() }))).toBe(silent);
  expect(
    await describeArguments({ "~standard": { version: 1, vendor: "x", validate: () => ({ value: 1 }) } }),
  ).toBe(silent);
});

it("a schema of the plugins' own library tells, too, whatever is checked beyond it", async () => {
  const own = takes({
    verbose: flag("Say more"),
    quick: flag("Be quick", true),
    limit: wholeNumber("Rows", { least: 1, most: 0xffff, initial: 20 }),
    order: oneOf("Order", ["up", "down"], "up"),
    match: list("Texts"),
  });
  const refined = v.pipe(
    own,
    v.check(({ quick }) => quick, "be quick"),
  );
  for (const each of [own, refined]) {
    expect(await describeArguments(each)).toBe(
      [
        "argument  default  what it does",
        "verbose   off      Say more; on, true, yes, off, false, no",
        "quick     on       Be quick; on, true, yes, off, false, no",
        "limit     20       Rows; a whole number from 1 to 65535",
        "order     up       Order; up, down",
        "match              Texts; a text that is not empty",
      ].join("\n"),
    );
  }
  const plain = v.strictObject({
    size: v.pipe(v.string(), v.description("In bytes"), v.toNumber(), v.minValue(1)),
    big: v.pipe(v.string(), v.toBigint()),
    odd: v.optional(v.custom<number>(() => true)),
  });
  expect(await describeArguments(plain)).toBe(
    [
      "argument  default     what it does",
      "size      (required)  In bytes",
      "big       (required)",
      "odd",
    ].join("\n"),
  );
  expect(await describeArguments(v.strictObject({}))).toBe("none");
});
