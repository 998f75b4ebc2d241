import { plugin } from "@qpp/core";
import { instruction, machineStreams } from "@qpp/emulator/testing";
import { hotpages as hotpagesContract, type PageCount } from "@qpp/plugins/hotpages/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPageCounter } from "../../packages/plugins/src/hotpages/counts.js";
import { guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { foundByPeer, hasPeers, NEEDS_PEERS } from "./peer.js";
import { resultOf, rigWith } from "./real.js";

const ld = instruction(0x1000, "ld a0,0(s0)");
const sd = instruction(0x1004, "sd a0,0(s0)");
const read = (address: number) => ({ isStore: false, address, value: 0n });
const write = (address: number) => ({ isStore: true, address, value: 0n });

interface Result {
  readonly pageSize: number;
  readonly pages: readonly (Omit<PageCount, "address"> & { readonly address: string })[];
}

describe("hotpages", () => {
  it("lists pages, the most accessed first, and who accessed them", async () => {
    const { fake, result, summary } = await load({ hotpages: {} });
    fake.access(ld, read(0x5ff8));
    fake.access(ld, read(0x5ffc));
    fake.access(sd, write(0x6000));
    fake.end(0);
    expect(result("hotpages")).toEqual({
      pageSize: 4096,
      pages: [
        { pid: 100, address: "0x5000", reads: 2, readers: [0], writes: 0, writers: [] },
        { pid: 100, address: "0x6000", reads: 0, readers: [], writes: 1, writers: [0] },
      ],
    });
    expect(summary("hotpages")).toBe(
      [
        "Addr                RCPUs   Reads  WCPUs   Writes  pid",
        "0x0000000000005000  0x0001      2  0x0000       0  100",
        "0x0000000000006000  0x0000      0  0x0001       1  100",
      ].join("\n"),
    );
  });

  it.each([
    ["accesses", ["0x1000", "0x3000", "0x2000"]],
    ["reads", ["0x3000", "0x2000", "0x1000"]],
    ["writes", ["0x1000", "0x2000", "0x3000"]],
    ["address", ["0x3000", "0x2000", "0x1000"]],
  ])("sorts by %s", async (sortby, expected) => {
    const { fake, result } = await load({ hotpages: { sortby } });
    for (const page of [0x3000, 0x3000, 0x3000, 0x2000]) fake.access(ld, read(page));
    for (const page of [0x1000, 0x1000, 0x1000, 0x1000, 0x2000]) fake.access(sd, write(page));
    fake.end(0);
    expect((result("hotpages") as Result).pages.map(({ address }) => address)).toEqual(expected);
  });

  it("lists 50 pages unless told otherwise", async () => {
    for (const [limit, listed] of [
      [undefined, 50],
      ["3", 3],
      ["0", 60],
    ] as const) {
      const { fake, result } = await load({ hotpages: limit === undefined ? {} : { limit } });
      for (let page = 0; page < 60; page++) fake.access(ld, read(page * 4096));
      fake.end(0);
      expect(result("hotpages")).toHaveProperty("pages.length", listed);
    }
  });

  it.each([
    [{ io: "on" }, "io: there are devices in system mode only"],
    [{ pagesize: "1000" }, "pagesize must be a power of two"],
    [{ pagesize: "32" }, "it must be a whole number from 64 to 2147483648"],
    [{ sortby: "time" }, "it must be one of accesses, reads, writes, address"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ hotpages: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });

  it("counts every access of any stream, by page, process and vCPU", async () => {
    const sizes = fc.constantFrom(64, 4096, 1 << 16);
    await fc.assert(
      fc.asyncProperty(machineStreams({ maxVcpus: 3 }), sizes, async (stream, pagesize) => {
        const { fake, result } = await load({ hotpages: { pagesize: String(pagesize), limit: "0" } });
        const expected = new Map<number, { reads: number[]; writes: number[] }>();
        for (const event of stream.events) {
          if (event.kind !== "access") continue;
          const page = Math.floor(event.address / pagesize) * pagesize;
          const counts = expected.get(page) ?? { reads: [], writes: [] };
          expected.set(page, counts);
          counts[event.site.isStore ? "writes" : "reads"].push(event.vcpu);
        }
        fake.play(stream);
        const vcpus = (all: number[]): number[] => [...new Set(all)].sort();
        const model = [...expected].map(([address, { reads, writes }]) => ({
          pid: 100,
          address: `0x${address.toString(16)}`,
          reads: reads.length,
          readers: vcpus(reads),
          writes: writes.length,
          writers: vcpus(writes),
        }));
        const { pages } = result("hotpages") as Result;
        expect(pages).toHaveLength(model.length);
        expect(pages).toEqual(expect.arrayContaining(model));
      }),
    );
  });

  it("offers its counts to others", async () => {
    let seen: unknown;
    const reader = plugin("reader", {
      requires: { hotpages: hotpagesContract },
      install({ hotpages, report }) {
        report(() => {
          seen = [hotpages.pageSize(), hotpages.pages()];
        });
      },
    });
    const { fake, result } = await load({}, [reader]);
    fake.access(sd, write(0x1_0008));
    fake.end(0);
    result("reader");
    expect(seen).toEqual([
      4096,
      [{ pid: 100, address: 0x1_0000, reads: 0, readers: [], writes: 1, writers: [0] }],
    ]);
  });

  // Their stacks are not where QEMU's are: what does not lie in the program is summed up.
  it.skipIf(!hasPeers).each([["count-loop", "one", "two"], ["count-calls"], ["exit-code"]])(
    `counts what QEMU counts in %s ${NEEDS_PEERS}`,
    async (program, ...args) => {
      const rig = await rigWith(guest(program, ...args), { hotpages: { limit: "0", sortby: "address" } });
      rig.run();
      const { pages } = resultOf(rig, "hotpages") as Result;
      const here = pages.map(({ address, reads, writes }) => [Number(address), reads, writes] as const);
      const there = foundByPeer("pages", program, ...args) as [number, number, number][];
      expect(byPage(here)).toEqual(byPage(there));
    },
  );

  it.skipIf(!canCompile)(`keeps threads and processes apart ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("processes"), { hotpages: { limit: "0" } });
    const expected = new Map<string, { reads: number; writes: number }>();
    rig.api.memory.accessed.register(
      ({ index }, { address, isStore }) => {
        const key = `${rig.api.process().pid} ${index} ${address - (address % 4096)}`;
        const counts = expected.get(key) ?? { reads: 0, writes: 0 };
        expected.set(key, counts);
        counts[isStore ? "writes" : "reads"]++;
      },
      { registers: "none" },
    );
    rig.run();
    const { pages } = resultOf(rig, "hotpages") as Result;
    expect(new Set(pages.map(({ pid }) => pid)).size).toBe(5);
    for (const { pid, address, reads, readers, writes, writers } of pages) {
      const of = (vcpu: number) => expected.get(`${pid} ${vcpu} ${Number(address)}`);
      const sum = (vcpus: readonly number[], what: "reads" | "writes"): number =>
        vcpus.reduce((total, vcpu) => total + (of(vcpu)?.[what] ?? 0), 0);
      expect([reads, writes]).toEqual([sum(readers, "reads"), sum(writers, "writes")]);
    }
    const total = [...expected.values()].reduce((sum, { reads, writes }) => sum + reads + writes, 0);
    expect(pages.reduce((sum, { reads, writes }) => sum + reads + writes, 0)).toBe(total);
  });
});

/** Counts by page up to the end of the program, and the sum of all others. */
function byPage(pages: readonly (readonly [address: number, reads: number, writes: number])[]): unknown {
  const END = 0x10_0000;
  const others = pages.filter(([address]) => address >= END);
  return {
    pages: pages.filter(([address]) => address < END).sort(([a], [b]) => a - b),
    reads: others.reduce((sum, [, reads]) => sum + reads, 0),
    writes: others.reduce((sum, [, , writes]) => sum + writes, 0),
  };
}

describe("a counter of pages", () => {
  it("has room for more pages than it began with, up to the highest address", () => {
    const counter = createPageCounter(12);
    const addresses = Uint32Array.from({ length: 3000 }, (_, i) => 0xffff_ffff - (i % 1500) * 4096);
    counter.take(addresses, addresses.length, 1, 7);
    counter.take(addresses, 1, 3, 7);
    const pages = [...counter.pages()];
    expect(pages).toHaveLength(1501);
    expect(pages[0]).toEqual({ pid: 7, vcpu: 1, address: 0xffff_f000, count: 2 });
    expect(pages.at(-1)).toEqual({ pid: 7, vcpu: 3, address: 0xffff_f000, count: 1 });
  });
});
