import { createContainer, plugin } from "@qpp/core";
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

it("what a schema tells of its arguments is shown, and said to be missing where it cannot tell", () => {
  expect(describeArguments(undefined)).toBe("none");
  expect(describeArguments(z.object({}))).toBe("none");
  expect(describeArguments(schema)).toBe(
    [
      "argument  default     what it does",
      "limit     10          How many; integer to 99",
      "order     (required)  up, down",
    ].join("\n"),
  );
  const silent = "its schema does not tell; see the plugin's documentation";
  expect(describeArguments(z.object({ big: z.bigint() }))).toBe(silent);
  expect(
    describeArguments({ "~standard": { version: 1, vendor: "x", validate: () => ({ value: 1 }) } }),
  ).toBe(silent);
});
