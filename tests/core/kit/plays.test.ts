import { callback, contract, fn, type Plugin, plugin } from "@qpp/core";
import {
  fakePlugin,
  neverOverCapacity,
  noLeakAfterUnload,
  nothingLostOnFault,
  sameInAnyLoadOrder,
  sameOnEveryLane,
} from "@qpp/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

// What properties make of what happens while they play: arguments, things said, errors, timers.

const bus = contract("bus", {
  callbacks: { event: callback<[value: number]>(), ask: callback<[], boolean>({ combine: "any" }) },
});
const steps = fc.array(fc.nat({ max: 5 }), { maxLength: 5 });
const few = { numRuns: 20 };

const factor = {
  "~standard": {
    version: 1 as const,
    vendor: "test",
    validate: (raw: unknown) => {
      const { factor } = raw as { factor?: string };
      return factor ? { value: Number(factor) } : { issues: [{ message: "how much?" }] };
    },
  },
};

/** Says a multiple of each event, and asks whether it may. */
const speaker = (): Plugin =>
  plugin("speaker", {
    requires: { bus },
    args: factor,
    install({ bus, args, log, report }) {
      let sum = 0;
      bus.event.register((value) => {
        sum += value * args;
        log(value * args);
      });
      bus.ask.register(() => true);
      report(() => sum);
    },
  });

const spoken = (args?: { factor: string }) => ({
  steps,
  make() {
    const fake = fakePlugin(bus);
    return {
      plugins: [fake.plugin, { plugin: speaker(), ...(args && { args }) }],
      play(value: number) {
        fake.callbacks.event.run(value);
        expect(fake.callbacks.ask.size).toBeLessThanOrEqual(1);
      },
    };
  },
});

describe("plugins with arguments that say something", () => {
  const wiring = spoken({ factor: "3" });
  it.each(Object.entries({ sameInAnyLoadOrder, nothingLostOnFault, noLeakAfterUnload, neverOverCapacity }))(
    "%s holds of them",
    async (_, property) => {
      await property(wiring, few);
    },
  );

  it("cannot be tested for room if they do not load", async () => {
    await expect(neverOverCapacity(spoken(), { ...few, capacity: 2 })).rejects.toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({
          code: "QPP_BAD_ARGUMENT",
          message: 'plugin "speaker": how much?',
        }),
      }),
    );
  });

  it("sameOnEveryLane finds that they say different things", async () => {
    const lanes = {
      ...wiring,
      lanes: ["3", "4"] as const,
      make: (lane: string) => spoken({ factor: lane }).make(),
    };
    await expect(sameOnEveryLane(lanes, { ...few, seed: 1 })).rejects.toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({
          message: [
            'plugin "speaker" has something else to show on lane "4"',
            '  expected {"faults":[],"loaded":true,"result":3,"said":[[3]],"summary":undefined}',
            '  got      {"faults":[],"loaded":true,"result":4,"said":[[4]],"summary":undefined}',
          ].join("\n"),
        }),
      }),
    );
  });
});

describe("a step", () => {
  const adder = contract("adder", { functions: { add: fn<(x: number) => number>() } });
  const played = (play: (add: (x: number) => number) => void) => ({
    steps: fc.constant([1]),
    make() {
      const fake = fakePlugin(adder, { add: (x) => x + 1 });
      let add = (x: number): number => x;
      const user = plugin("user", {
        requires: { adder },
        install(context) {
          add = context.adder.add;
        },
      });
      return { plugins: [fake.plugin, user], play: () => play(add) };
    },
  });

  it("that cannot be taken because a plugin is gone is left out", async () => {
    let [tried, done] = [0, 0];
    const wiring = played((add) => {
      tried++;
      expect(add(1)).toBe(2);
      done++;
    });
    await noLeakAfterUnload(wiring, { seed: 1, numRuns: 100 });
    expect([tried, done > 0, done < tried]).toEqual([100, true, true]);
  });

  it("that fails for another reason has the property fail", async () => {
    const wiring = played(() => {
      throw new Error("cannot play");
    });
    await expect(noLeakAfterUnload(wiring, few)).rejects.toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: "cannot play" }) }),
    );
  });
});

describe("neverOverCapacity", () => {
  it("does not mind other faults", async () => {
    const broken = plugin("broken", {
      requires: { bus },
      install({ bus }) {
        bus.event.register(() => {
          throw new Error("not for want of room");
        });
      },
    });
    const make = () => {
      const fake = fakePlugin(bus);
      return { plugins: [fake.plugin, broken], play: (value: number) => fake.callbacks.event.run(value) };
    };
    await neverOverCapacity({ steps: fc.constant([1, 2]), make }, few);
  });
});

describe("noLeakAfterUnload", () => {
  it("takes a timer that has gone off for what it is, and an interval for one that goes on", async () => {
    const ticking = (clears: boolean) => ({
      steps: fc.constant([1]),
      make() {
        let wentOff: Promise<unknown> | undefined;
        const ticker = plugin("ticking", {
          install({ onDispose }) {
            const interval = setInterval(() => {}, 1);
            if (clears) onDispose(() => clearInterval(interval));
            // It goes off after the interval's first tick.
            wentOff = new Promise((resolve) => setTimeout(resolve, 1));
          },
        });
        return { plugins: [ticker], play: async () => void (await wentOff) };
      },
    });
    await noLeakAfterUnload(ticking(true), few);
    await expect(noLeakAfterUnload(ticking(false), { ...few, endOnFailure: true })).rejects.toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({ message: "after all plugins are unloaded 1 timers are still set" }),
      }),
    );
  });
});
