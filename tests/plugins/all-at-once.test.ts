import type { RawArguments } from "@qpp/core";
import { catalog } from "@qpp/plugins/catalog";
import { describe, expect, it } from "vitest";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { resultOf, rigWith } from "./real.js";

/** Plugins that change what the guest does, or that cannot be here, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  hwprofile: "refuses user mode",
  lockstep: "waits for another run",
  patch: "changes the guest's code",
  setpc: "changes where the guest goes on",
  stoptrigger: "stops the guest",
  ips: "changes the guest's clock",
  registers: "writes registers",
};
const ARGUMENTS: Readonly<Record<string, RawArguments>> = {
  coverage: { edges: "on" },
  bbv: { interval: "10000" },
  watch: { symbol: "counter" },
  stringsearch: { str: "a" },
};

describe.skipIf(!canCompile)(`all plugins at once ${NEEDS}`, () => {
  const names = catalog.map(({ name }) => name).filter((name) => !(name in LEFT_OUT));

  it.each([
    ["threads", true],
    ["processes", false],
    ["family", false],
  ] as const)(
    "%s is what it is without any (translated at once: %s)",
    async (program, atOnce) => {
      const options = atOnce ? { translateAfter: 1 } : {};
      const alone = await rigWith(await compiled(program), { insn: {} }, options);
      const exit = alone.run();
      expect(names.length).toBeGreaterThan(35);
      const rig = await rigWith(
        await compiled(program),
        Object.fromEntries(names.map((name) => [name, ARGUMENTS[name] ?? {}])),
        options,
      );
      expect(rig.run()).toEqual(exit);
      expect(rig.faults.map(({ message }) => message)).toEqual([]);
      expect(rig.output()).toBe(alone.output());
      expect(rig.api.executed()).toBe(alone.api.executed());
      const results = rig.container.results();
      expect(resultOf(rig, "insn")).toEqual(resultOf(alone, "insn"));
      for (const name of names) expect(() => JSON.stringify(results.get(name)?.result)).not.toThrow();
    },
    120_000,
  );
});
