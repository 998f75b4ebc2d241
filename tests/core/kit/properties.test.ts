import { callback, contract, fn, type Plugin, perConsumer, plugin, value } from "@qpp/core";
import {
  fakePlugin,
  neverOverCapacity,
  noLeakAfterUnload,
  nothingLostOnFault,
  sameInAnyLoadOrder,
  sameOnEveryLane,
} from "@qpp/core/testing";
import fc from "fast-check";
import { distinctUntilChanged, Subject } from "rxjs";
import { describe, expect, it } from "vitest";

// Each property holds of plugins that are right, and finds the bug in one that is not.

interface Event {
  value: number;
}

const bus = contract("bus", { callbacks: { event: callback<[event: Event]>() } });
const steps = fc.array(fc.nat({ max: 5 }), { maxLength: 30 });

/** A bus with plugins on it. */
const onBus = (...others: (() => Plugin)[]) => ({
  steps,
  make() {
    const fake = fakePlugin(bus);
    return {
      plugins: [fake.plugin, ...others.map((make) => make())],
      play: (value: number) => fake.callbacks.event.run({ value }),
    };
  },
});

const summer = (name: string) => (): Plugin =>
  plugin(name, {
    requires: { bus },
    install({ bus, report }) {
      let sum = 0;
      bus.event.register(({ value }) => {
        sum += value;
      });
      report(() => ({ sum }));
    },
  });

/** What is found, as fast-check reports it; the seed makes it the same every time. */
async function found(property: Promise<void>): Promise<string> {
  const error = await property.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(Error);
  const { message, cause } = error as Error;
  const counterexample = /Counterexample: (.*)/.exec(message)?.[1];
  return `${counterexample}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

const seeded = { seed: 1, numRuns: 500 };

describe("sameInAnyLoadOrder", () => {
  it("holds of plugins that keep to themselves", async () => {
    await sameInAnyLoadOrder(onBus(summer("one"), summer("two")));
  });

  it("finds a plugin that changes what others are told", async () => {
    const doubler = (): Plugin =>
      plugin("doubler", {
        requires: { bus },
        install: ({ bus }) => {
          bus.event.register((event) => {
            event.value *= 2;
          });
        },
      });
    expect(await found(sameInAnyLoadOrder(onBus(doubler, summer("summer")), seeded))).toMatchInlineSnapshot(`
      "[[1],["bus","summer","doubler"]]: plugin "summer" has something else to show when loaded as bus, summer, doubler
        expected {"faults":[],"loaded":true,"result":{"sum":2},"said":[],"summary":undefined}
        got      {"faults":[],"loaded":true,"result":{"sum":1},"said":[],"summary":undefined}"
    `);
  });

  it("refuses to hold of plugins that do not load", async () => {
    const alone = (): Plugin => plugin("alone", { requires: { other: contract("other") }, install() {} });
    expect(await found(sameInAnyLoadOrder(onBus(alone), seeded))).toMatchInlineSnapshot(
      `"[[],["alone","bus"]]: plugin "alone" requires "other", which is not loaded (alone -> other); add "other" to what is loaded"`,
    );
  });
});

describe("sameOnEveryLane", () => {
  const wiring = (broken: boolean) => ({
    steps,
    lanes: ["direct", "rx"] as const,
    make(lane: "direct" | "rx") {
      return onBus(() =>
        plugin("list", {
          requires: { bus },
          install({ bus, report }) {
            const list: number[] = [];
            if (lane === "direct") bus.event.register(({ value }) => void list.push(value));
            else
              bus.event
                .pipe(distinctUntilChanged((a, b) => broken && a[0].value === b[0].value))
                .subscribe(([{ value }]) => list.push(value));
            report(() => list);
          },
        }),
      ).make();
    },
  });

  it("holds of a plugin that does the same on all of them", async () => {
    await sameOnEveryLane(wiring(false));
  });

  it("finds a lane on which events are lost", async () => {
    expect(await found(sameOnEveryLane(wiring(true), seeded))).toMatchInlineSnapshot(`
      "[[2,2],"rx"]: plugin "list" has something else to show on lane "rx"
        expected {"faults":[],"loaded":true,"result":[2,2],"said":[],"summary":undefined}
        got      {"faults":[],"loaded":true,"result":[2],"said":[],"summary":undefined}"
    `);
  });
});

describe("nothingLostOnFault", () => {
  const store = contract("store", {
    values: { tally: value<{ add(n: number): void }>() },
    functions: { total: fn<(of: string) => number>() },
  });
  const owner = (broken: boolean) => (): Plugin =>
    plugin(store, {
      install({ report }) {
        const totals = new Map<string, number>();
        report(() => Object.fromEntries(totals));
        return {
          total: (of) => totals.get(of) ?? 0,
          tally: perConsumer((consumer) => {
            const { name } = consumer;
            consumer.add(() => (broken ? totals.clear() : undefined));
            return { add: (n) => void totals.set(name, (totals.get(name) ?? 0) + n) };
          }),
        };
      },
    });
  const user = (name: string) => (): Plugin =>
    plugin(name, {
      requires: { bus, store },
      install({ bus, store, report }) {
        const { tally } = store;
        bus.event.register(({ value }) => tally.add(value));
        report(() => store.total(name));
      },
    });

  it("holds of plugins that do not mind whether others are there", async () => {
    await nothingLostOnFault(onBus(summer("one"), summer("two")));
    await nothingLostOnFault(onBus(owner(false), user("one"), user("two")));
  });

  it("finds one that drops what is another one's when somebody goes", async () => {
    const wiring = onBus(owner(true), user("one"), user("two"));
    expect(await found(nothingLostOnFault(wiring, seeded))).toMatchInlineSnapshot(`
      "[[1],{"plugin":"bus","beforeStep":1}]: plugin "one" went with "bus", and its result is not what it had
        expected 1
        got      0"
    `);
  });

  it("finds one that does another thing when others listen, too", async () => {
    const relay = contract("relay", { callbacks: { relayed: callback<[value: number]>() } });
    const weighing = (): Plugin =>
      plugin(relay, {
        requires: { bus },
        install({ bus, callbacks, report }) {
          let weight = 0;
          bus.event.register(({ value }) => {
            callbacks.relayed.run(value);
            weight += callbacks.relayed.size;
          });
          report(() => weight);
        },
      });
    expect(await found(nothingLostOnFault(onBus(weighing), seeded))).toMatchInlineSnapshot(`
      "[[0],{"saboteur":"direct","atCall":2}]: plugin "relay" has something else to show when another plugin fails (direct)
        expected {"faults":[],"loaded":true,"result":0,"said":[],"summary":undefined}
        got      {"faults":[],"loaded":true,"result":1,"said":[],"summary":undefined}"
    `);
  });
});

describe("noLeakAfterUnload", () => {
  const onStream = (install: (stream: Subject<number>) => Plugin, gauged = false) => ({
    steps,
    make() {
      const stream = new Subject<number>();
      return {
        plugins: [install(stream)],
        play: (value: number) => stream.next(value),
        ...(gauged && { gauge: () => stream.observed }),
      };
    },
  });

  it("holds of a plugin that adopts what it listens to, and clears its timers", async () => {
    const tidy = (stream: Subject<number>): Plugin =>
      plugin("tidy", {
        install({ adopt, log, onDispose }) {
          adopt(stream).subscribe((value) => log(value));
          const timers = [setInterval(() => log("tick"), 1000), setTimeout(() => log("tock"), 1000)];
          onDispose(() => {
            for (const timer of timers) clearTimeout(timer);
          });
        },
      });
    const { setTimeout: before } = globalThis;
    await noLeakAfterUnload(onStream(tidy, true));
    expect(globalThis.setTimeout).toBe(before);
  });

  it("finds a subscription that nobody ends", async () => {
    const talking = onStream((stream) =>
      plugin("leaky", { install: ({ log }) => void stream.subscribe((value) => log(value)) }),
    );
    expect(await found(noLeakAfterUnload(talking, seeded))).toMatchInlineSnapshot(
      `"[[0],{"unload":"leaky","beforeStep":0}]: plugin "leaky" was unloaded, and still says [0]"`,
    );
    const silent = onStream((stream) => plugin("leaky", { install: () => void stream.subscribe() }), true);
    expect(await found(noLeakAfterUnload(silent, seeded))).toMatchInlineSnapshot(
      `"[[],{"unload":"leaky","beforeStep":0}]: after all plugins are unloaded the gauge says true; before it said false"`,
    );
  });

  it("finds a timer that nobody clears", async () => {
    const wiring = onBus(() => plugin("ticking", { install: () => void setInterval(() => {}, 1000) }));
    expect(await found(noLeakAfterUnload(wiring, seeded))).toMatchInlineSnapshot(
      `"[[],{"unload":"bus","beforeStep":0}]: after all plugins are unloaded 1 timers are still set"`,
    );
  });

  it("finds work that goes wrong after the end", async () => {
    const wiring = onStream((stream) =>
      plugin("late", { install: ({ adopt }) => void stream.subscribe(() => adopt(stream).subscribe()) }),
    );
    expect(await found(noLeakAfterUnload(wiring, seeded))).toMatchInlineSnapshot(
      `"[[0],{"unload":"late","beforeStep":0}]: plugin "late" was unloaded, and still fails: plugin "late" failed in stream: PluginGoneError: cannot subscribe to stream: plugin "late" has been uninstalled"`,
    );
  });
});

describe("neverOverCapacity", () => {
  it("holds of plugins that listen once", async () => {
    await neverOverCapacity(onBus(summer("one"), summer("two")), { capacity: 2 });
  });

  it("finds one that listens again at each event", async () => {
    const again = (): Plugin =>
      plugin("again", {
        requires: { bus },
        install({ bus }) {
          const listen = (): void => void bus.event.register(listen);
          listen();
        },
      });
    expect(await found(neverOverCapacity(onBus(again), { ...seeded, capacity: 3 }))).toMatchInlineSnapshot(
      `"[[0,0]]: plugin "again" cannot subscribe to callback "bus.event": all 3 slots are taken; remove a subscriber, or raise \`capacity\` in its contract"`,
    );
  });

  it("finds that there is not enough room from the beginning", async () => {
    const wiring = onBus(summer("one"), summer("two"));
    expect(await found(neverOverCapacity(wiring, { ...seeded, capacity: 1 }))).toMatchInlineSnapshot(
      `"[[]]: plugin "two" cannot subscribe to callback "bus.event": all 1 slots are taken; remove a subscriber, or raise \`capacity\` in its contract"`,
    );
  });
});
