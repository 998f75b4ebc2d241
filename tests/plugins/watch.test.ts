import { readFileSync } from "node:fs";
import { plugin } from "@qpp/core";
import { instruction, machineStreams } from "@qpp/emulator/testing";
import { type WatchedAccess, type WatchKind, watch } from "@qpp/plugins/watch/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, valueText } from "../../packages/plugins/src/watch/shadow.js";
import { peer } from "../peers.js";
import { load } from "./load.js";
import { rigWith } from "./real.js";
import { built } from "./symbols/built.js";

const GCC = "riscv64-linux-gnu-gcc";
type Seen = Pick<WatchedAccess, "kind" | "offset" | "length"> & {
  readonly before: string;
  readonly after: string;
};

/** Watches a variable, and keeps what is told. */
const watching = (seen: Seen[], symbol: string, kind?: WatchKind) =>
  plugin("watching", {
    requires: { watch },
    install({ watch }) {
      watch.watch({ symbol }, kind);
      watch.onAccess.register((_cpu, { kind: how, offset, length, before, after }) => {
        seen.push({ kind: how, offset, length, before: valueText(before), after: valueText(after) });
      });
    },
  });

describe.skipIf(!peer(GCC))(`watch (needs ${GCC})`, () => {
  async function run(symbol: string, kind?: WatchKind): Promise<{ seen: Seen[]; output: string }> {
    const path = built("watched.c", ["-O1", "-static"]);
    const rig = await rigWith({ path, image: readFileSync(path), args: [] }, { symbols: {}, watch: {} });
    const seen: Seen[] = [];
    await rig.container.load([{ plugin: watching(seen, symbol, kind) }]);
    rig.run();
    return { seen, output: rig.output() };
  }
  const word = { offset: 0, length: 4 };
  const store = (before: string, after: string) => ({ kind: "store", ...word, before, after });
  const loading = (value: string) => ({ kind: "load", ...word, before: value, after: value });

  it("tells each change with old and new value", async () => {
    const { seen, output } = await run("counter");
    expect(output).toBe("255 61 11\n");
    expect(seen).toEqual([
      store("0x5", "0x6"),
      store("0x6", "0x10"),
      store("0x10", "0x11"),
      { kind: "store", offset: 0, length: 1, before: "0x11", after: "0xff" },
    ]);
  });

  it("tells writes that change nothing, and loads, when asked for", async () => {
    const { seen } = await run("counter", "rw");
    expect(seen).toEqual([
      store("0x5", "0x6"),
      store("0x6", "0x6"),
      loading("0x6"),
      store("0x6", "0x10"),
      // An atomic access: the load is what was there before.
      loading("0x10"),
      store("0x10", "0x11"),
      { kind: "store", offset: 0, length: 1, before: "0x11", after: "0xff" },
      loading("0xff"),
    ]);
    expect((await run("counter", "r")).seen.map(({ kind }) => kind)).toEqual(["load", "load", "load"]);
    expect((await run("counter", "w")).seen).toHaveLength(5);
  });

  it("tells what system calls write, and accesses to a part", async () => {
    const { seen } = await run("bytes");
    expect(seen).toEqual([
      {
        kind: "store",
        offset: 1,
        length: 8,
        before: "00 00 00 00 00 00 00 00 00 00 00 00",
        after: "00 88 77 66 55 44 33 22 11 00 00 00",
      },
      {
        kind: "syscall",
        offset: 4,
        length: 3,
        before: "00 88 77 66 55 44 33 22 11 00 00 00",
        after: "00 88 77 66 61 62 63 22 11 00 00 00",
      },
    ]);
  });

  it("prints accesses by itself", async () => {
    const path = built("watched.c", ["-O1", "-static"]);
    const from = { path, image: readFileSync(path), args: [] };
    const rig = await rigWith(from, { symbols: {}, watch: { symbol: "counter" } });
    rig.run();
    expect(rig.logged).toHaveLength(4);
    expect(rig.logged[0]).toMatch(/counter: store at main\+0x[0-9a-f]+: 0x5 -> 0x6$/);
    expect(rig.container.results().get("watch")?.result).toMatchObject({ accesses: 4 });
  });
});

describe("watch on any stream", () => {
  it("tells each store that touches what is watched, and no other one", async () => {
    const choice = fc.record({
      which: fc.nat(),
      before: fc.nat({ max: 20 }),
      size: fc.integer({ min: 1, max: 4096 }),
    });
    let touched = 0;
    await fc.assert(
      fc.asyncProperty(machineStreams({ maxVcpus: 2 }), choice, async (stream, { which, before, size }) => {
        const addresses = stream.events.flatMap((event) => (event.kind === "access" ? [event.address] : []));
        const what = { address: Math.max(0, (addresses[which % addresses.length] ?? 0) - before), size };
        const told: [number, number][] = [];
        const listener = plugin("listener", {
          requires: { watch },
          install({ watch }) {
            watch.watch(what, "w");
            watch.onAccess.register((_cpu, { offset, length }) => void told.push([offset, length]));
          },
        });
        const { fake } = await load({}, [listener]);
        fake.memory.set(what.address, new Uint8Array(what.size));
        fake.access(instruction(0x1000, "sb a0,0(s0)"), { isStore: true, address: what.address, value: 0n });
        const expected: [number, number][] = [];
        for (const event of stream.events) {
          if (event.kind !== "access" || !event.site.isStore) continue;
          const first = Math.max(event.address, what.address);
          const length = Math.min(event.address + event.site.bytes, what.address + what.size) - first;
          if (length > 0) expected.push([first - what.address, length]);
        }
        fake.play(stream);
        expect(told).toEqual(expected);
        touched += expected.length;
      }),
    );
    expect(touched).toBeGreaterThan(0);
  });

  it("stops when it is told to, and refuses what is too large", async () => {
    const store = instruction(0x1000, "sd a0,0(s0)");
    let count = 0;
    let end = (): void => {};
    const listener = plugin("listener", {
      requires: { watch },
      install({ watch, log }) {
        ({ end } = watch.watch({ address: 0x100, size: 8 }, "w"));
        watch.onAccess.register(() => void count++);
        for (const size of [0, 4097]) {
          try {
            watch.watch({ address: 0, size });
          } catch (error) {
            log(error instanceof RangeError);
          }
        }
      },
    });
    const { fake, lines } = await load({}, [listener]);
    // The memory is there from now on, with a value that later ones are compared with.
    fake.access(store, { isStore: true, address: 0x100, value: 0n });
    fake.access(store, { isStore: true, address: 0x100, value: 1n });
    end();
    fake.access(store, { isStore: true, address: 0x100, value: 2n });
    expect(count).toBe(1);
    expect(lines).toEqual(["true", "true"]);
  });
});

describe("values", () => {
  it("are numbers where they have such a size", () => {
    expect(valueText(Uint8Array.of(0))).toBe("0x0");
    expect(valueText(Uint8Array.of(1, 0x20))).toBe("0x2001");
    expect(valueText(Uint8Array.of(1, 2, 3))).toBe("01 02 03");
    expect(valueText(new Uint8Array(20))).toBe(`${"00 ".repeat(15)}...`);
  });

  it("differ from the first byte to the last one that differs", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }))), (pairs) => {
        const [a, b] = [0, 1].map((i) => Uint8Array.from(pairs, (pair) => pair[i] ?? 0));
        const places = pairs.flatMap(([x, y], i) => (x === y ? [] : [i]));
        const [first = 0, last = 0] = [places[0], places.at(-1)];
        expect(difference(a ?? new Uint8Array(), b ?? new Uint8Array())).toEqual(
          places.length === 0 ? undefined : { offset: first, length: last + 1 - first },
        );
      }),
    );
  });
});
