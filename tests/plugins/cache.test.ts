import { block, machineStreams } from "@qpp/emulator/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guest } from "../emulator/machine/rig.js";
import { load } from "./load.js";
import { foundByPeer, hasPeers, NEEDS_PEERS } from "./peer.js";
import { resultOf, rigWith } from "./real.js";

interface Counts {
  readonly accesses: number;
  readonly misses: number;
}

interface Result {
  readonly cores: readonly { core: number; data: Counts; fetch: Counts; l2: Counts | null }[];
  readonly missing: Readonly<Record<string, readonly { pc: string; misses: number }[]>>;
}

/** A cache as one would write it down first: all sets as lists, the block that goes in front. */
function naiveCache(policy: "lru" | "fifo", bytes: number, ways: number, blockBytes: number) {
  const sets = Array.from({ length: bytes / ways / blockBytes }, (): number[] => []);
  const counts = { accesses: 0, misses: 0 };
  return {
    counts,
    access(address: number): boolean {
      const number = Math.floor(address / blockBytes);
      const set = sets[number % sets.length] ?? expect.fail();
      const at = set.indexOf(number);
      counts.accesses++;
      if (at >= 0) {
        if (policy === "lru") set.push(...set.splice(at, 1));
        return true;
      }
      counts.misses++;
      set.push(number);
      if (set.length > ways) set.shift();
      return false;
    },
  };
}

const cacheShape = fc.record({
  sets: fc.constantFrom(1, 2, 4),
  ways: fc.integer({ min: 1, max: 4 }),
  blockBytes: fc.constantFrom(4, 8, 16, 64),
});

describe("cache", () => {
  it("counts what a naive model of every single access counts, for any shapes, cores and second level", async () => {
    await fc.assert(
      fc.asyncProperty(
        machineStreams({ maxVcpus: 3 }),
        fc.record({ data: cacheShape, fetch: cacheShape, l2: fc.option(cacheShape, { nil: undefined }) }),
        fc.constantFrom<"lru" | "fifo">("lru", "fifo"),
        fc.integer({ min: 1, max: 2 }),
        async (stream, { data, fetch, l2 }, evict, cores) => {
          const bytes = (of: typeof data): number => of.sets * of.ways * of.blockBytes;
          const make = (of: typeof data) => naiveCache(evict, bytes(of), of.ways, of.blockBytes);
          const model = Array.from({ length: cores }, () => ({
            data: make(data),
            fetch: make(fetch),
            l2: l2 && make(l2),
          }));
          for (const event of stream.events) {
            if (event.kind !== "instruction" && event.kind !== "access") continue;
            const core = model[event.vcpu % cores] ?? expect.fail();
            const [first, address] =
              event.kind === "access" ? [core.data, event.address] : [core.fetch, event.instruction.pc];
            if (!first.access(address)) core.l2?.access(address);
          }
          const args = {
            evict,
            cores: String(cores),
            dcachesize: String(bytes(data)),
            dassoc: String(data.ways),
            dblksize: String(data.blockBytes),
            icachesize: String(bytes(fetch)),
            iassoc: String(fetch.ways),
            iblksize: String(fetch.blockBytes),
            ...(l2 && {
              l2cachesize: String(bytes(l2)),
              l2assoc: String(l2.ways),
              l2blksize: String(l2.blockBytes),
            }),
          };
          const { fake, result, refused, faults } = await load({ cache: args });
          fake.play(stream);
          expect([refused, faults]).toEqual([[], []]);
          expect((result("cache") as Result).cores).toEqual(
            model.map((core, index) => ({
              core: index,
              data: core.data.counts,
              fetch: core.fetch.counts,
              l2: core.l2?.counts ?? null,
            })),
          );
        },
      ),
    );
  });

  it("throws out any block with evict=rand, the same in each run, once a set is full", async () => {
    const misses: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      const { fake, result } = await load({
        cache: { evict: "rand", icachesize: "256", iassoc: "4", iblksize: "64" },
      });
      for (let round = 0; round < 50; round++)
        for (let i = 0; i < 5; i++) fake.execute(block(0x1000 + 64 * i, ["addi a0,a0,1"]));
      fake.end(0);
      misses.push((result("cache") as Result).cores[0]?.fetch);
    }
    expect(misses[0]).toEqual(misses[1]);
    const { accesses, misses: missed } = misses[0] as Counts;
    expect(accesses).toBe(250);
    // The least recently used one would go each time: 250.
    expect(missed).toBeGreaterThan(50);
    expect(missed).toBeLessThan(200);
  });

  it("has each process start with empty caches, and find its own again", async () => {
    const { fake, result } = await load({ cache: {} });
    const code = block(0x1000, ["addi a0,a0,1"]);
    fake.execute(code);
    fake.process = { pid: 101, ppid: 100, name: "child" };
    fake.execute(code);
    fake.process = { pid: 100, ppid: 1, name: "guest" };
    fake.execute(code);
    fake.end(0);
    expect((result("cache") as Result).cores[0]?.fetch).toEqual({ accesses: 3, misses: 2 });
  });

  it("prints the tables of QEMU's plugin", async () => {
    const { fake, summary } = await load({ cache: { cores: "2", l2: "on", limit: "1" } });
    fake.execute(block(0x1000, ["addi a0,a0,1", "jal zero,0x1000"], "main"));
    fake.end(0);
    expect(summary("cache")?.split("\n")).toEqual([
      "core #, data accesses, data misses, dmiss rate, insn accesses, insn misses, imiss rate, l2 accesses, l2 misses, l2 miss rate",
      "0       0              0               0.0000%  2              1              50.0000%  1            1             100.0000%",
      "1       0              0               0.0000%  0              0               0.0000%",
      "sum     0              0               0.0000%  2              1              50.0000%  1            1             100.0000%",
      "",
      "address, data misses, instruction",
      "",
      "address, fetch misses, instruction",
      "0x1000 (main), 1, addi a0,a0,1",
      "",
      "address, L2 misses, instruction",
      "0x1000 (main), 1, addi a0,a0,1",
    ]);
  });

  it.each([
    [{ dblksize: "48" }, "the data cache cannot be: a block must have a power of two of bytes, not 48"],
    [{ icachesize: "1000" }, "the instruction cache cannot be: its 1000 bytes must be divisible"],
    [{ l2assoc: "3" }, "the second level cannot be: its 2097152 bytes must be divisible"],
    [{ evict: "mru" }, 'argument "evict": "mru" is no value for it; it must be one of lru, fifo, rand'],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ cache: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});

describe.skipIf(!hasPeers)(`cache, beside a plugin of QEMU ${NEEDS_PEERS}`, () => {
  interface Found {
    readonly data: Counts;
    readonly fetch: Counts;
    readonly l2: Counts;
    readonly sites: readonly { pc: number; data: number; fetch: number; l2: number }[];
  }

  const args = {
    dcachesize: "512",
    dassoc: "2",
    icachesize: "128",
    iassoc: "1",
    iblksize: "16",
    l2cachesize: "1024",
    l2assoc: "4",
  };

  async function both(program: string): Promise<{ here: Result; there: Found }> {
    const options = Object.entries(args).map(([key, value]) => `${key}=${value}`);
    const there = foundByPeer(["cache", ...options, "l2=on"].join(","), program) as Found;
    const rig = await rigWith(guest(program), { cache: { ...args, limit: "1000000" } });
    rig.run();
    expect(rig.faults).toEqual([]);
    return { here: resultOf(rig, "cache") as Result, there };
  }

  it("finds the same misses, of the same instructions, of data, instructions and in the second level", async () => {
    const { here, there } = await both("count-loop");
    expect(there.data.misses).toBeGreaterThan(0);
    expect(here.cores).toEqual([{ core: 0, data: there.data, fetch: there.fetch, l2: there.l2 }]);
    for (const kind of ["data", "fetch", "l2"] as const) expectSame(kind, here, there);
  });

  it("finds the same misses of instructions in a program whose stack lies elsewhere there", async () => {
    const { here, there } = await both("count-calls");
    expect(there.fetch.misses).toBeGreaterThan(300);
    expect(here.cores[0]?.fetch).toEqual(there.fetch);
    expect(here.cores[0]?.data.accesses).toEqual(there.data.accesses);
    expectSame("fetch", here, there);
  });

  function expectSame(kind: "data" | "fetch" | "l2", here: Result, there: Found): void {
    const found = here.missing[kind]?.map(({ pc, misses }) => [pc, misses]) ?? [];
    const wanted = there.sites
      .filter((site) => site[kind] > 0)
      .map((site) => [`0x${site.pc.toString(16)}`, site[kind]]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  }
});
