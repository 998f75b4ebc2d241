import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { type CoveredBlock, type CoveredEdge, coverage } from "@qpp/plugins/coverage/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drcovFile } from "../../packages/plugins/src/coverage/drcov-file.js";
import { createEdges } from "../../packages/plugins/src/coverage/edges.js";
import { executionsIn } from "../../packages/plugins/src/coverage/lines.js";
import { guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { foundByPeer, hasPeers, NEEDS_PEERS } from "./peer.js";
import { readDrcov } from "./read-drcov.js";
import { rigWith } from "./real.js";

const object = { path: "/bin/guest", buildId: "00", start: 0x1_0000, end: 0x2_0000 };

/** Runs a guest; gives what `coverage` found, and each vCPU's blocks in order. */
async function covered(
  from: Parameters<typeof rigWith>[0],
  args: Readonly<Record<string, string>> = {},
): Promise<{
  blocks: readonly CoveredBlock[];
  edges: readonly CoveredEdge[];
  drcov: Uint8Array;
  executed: ReadonlyMap<string, number[]>;
}> {
  const rig = await rigWith(from, { symbols: {}, coverage: args });
  const executed = new Map<string, number[]>();
  const found = { blocks: () => [] as readonly CoveredBlock[], edges: () => [] as readonly CoveredEdge[] };
  let drcov = (): Uint8Array => new Uint8Array();
  const witness = plugin("witness", {
    requires: { machine, coverage },
    install({ machine, coverage }) {
      ({ drcov } = coverage);
      Object.assign(found, coverage);
      machine.blocks.executed.register(({ index }, { pc }) => {
        const key = `${machine.process().pid} ${index}`;
        const mine = executed.get(key) ?? [];
        executed.set(key, mine);
        mine.push(pc);
      });
    },
  });
  await rig.container.load([{ plugin: witness }]);
  rig.run();
  return { blocks: found.blocks(), edges: found.edges(), drcov: drcov(), executed };
}

/** Whether code is where the kernel puts what a signal handler returns to. */
const isOutside = (pc = 0): boolean => pc >= 0x1000_0000;

describe("coverage", () => {
  it.skipIf(!hasPeers).each([["count-loop"], ["count-calls"], ["exit-code"]])(
    `finds the blocks that QEMU executes in %s, as often ${NEEDS_PEERS}`,
    async (name) => {
      const { blocks, drcov } = await covered(guest(name));
      const here = blocks.map(({ address, size, count }) => [address, size, count]);
      const there = foundByPeer("blocks", name) as number[][];
      expect(here.length).toBeGreaterThan(3);
      expect(here).toEqual(there.sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
      const read = readDrcov(drcov);
      expect(read.modules).toHaveLength(1);
      const [{ base = 0 } = {}] = read.modules;
      expect(read.blocks.map(({ start, size }) => [base + start, size])).toEqual(
        here.map(([address, size]) => [address, size]),
      );
    },
  );

  it.skipIf(!canCompile)(`counts which block followed which, by thread ${NEEDS}`, async () => {
    const { blocks, edges, executed } = await covered(await compiled("processes"), { edges: "on" });
    expect(executed.size).toBeGreaterThan(4);
    const expected = new Map<string, number>();
    for (const pcs of executed.values()) {
      for (let i = 1; i < pcs.length; i++) {
        if (isOutside(pcs[i - 1]) || isOutside(pcs[i])) continue;
        const key = `${pcs[i - 1]} ${pcs[i]}`;
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
    }
    const found = new Map<string, number>();
    for (const { from, to, count } of edges) {
      const key = `${from.address} ${to.address}`;
      found.set(key, (found.get(key) ?? 0) + count);
    }
    expect(found).toEqual(expected);
    const inside = [...executed.values()].flat().filter((pc) => !isOutside(pc));
    expect(blocks.reduce((sum, { count }) => sum + count, 0)).toBe(inside.length);
  });
});

describe("edges", () => {
  it("are counted as a map of pairs would, whatever follows what on whatever vCPU", () => {
    const batch = fc.record({
      vcpu: fc.nat({ max: 2 }),
      tags: fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 3000 })), { maxLength: 40 }),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 20 }), (batches) => {
        const edges = createEdges();
        const model = new Map<string, number>();
        const last = new Map<number, number>();
        for (const { vcpu, tags, cut } of batches) {
          const tag = Uint32Array.from(tags);
          edges.take({ length: tag.length, vcpu, tag, address: tag });
          for (const to of tags) {
            const from = last.get(vcpu);
            last.set(vcpu, to);
            if (from !== undefined) model.set(`${from} ${to}`, (model.get(`${from} ${to}`) ?? 0) + 1);
          }
          if (!cut) continue;
          edges.cut(vcpu);
          last.delete(vcpu);
        }
        expect(new Map([...edges.counts()].map(([from, to, count]) => [`${from} ${to}`, count]))).toEqual(
          model,
        );
      }),
    );
  });
});

describe("executions of an instruction", () => {
  it("are those of all blocks that it is in", () => {
    const block = fc.record({
      object: fc.constant(object),
      address: fc.nat({ max: 40 }),
      size: fc.integer({ min: 2, max: 20 }),
      insns: fc.constant(1),
      count: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        const executions = executionsIn(blocks);
        for (let at = 0; at < 64; at++) {
          const inside = blocks.filter(({ address, size }) => at >= address && at < address + size);
          expect(executions(at)).toBe(inside.reduce((sum, { count }) => sum + count, 0));
        }
      }),
    );
  });
});

describe("a drcov file", () => {
  it("is read back as it was written, of any objects and blocks", () => {
    const objects = fc
      .uniqueArray(fc.nat({ max: 9 }), { minLength: 1 })
      .map((ids) =>
        ids.map((id) => ({ path: `/lib/${id}, so`, buildId: undefined, start: id * 0x1000, end: 0x10_0000 })),
      );
    const any = objects.chain((all) =>
      fc.array(
        fc.record({
          object: fc.constantFrom(...all),
          address: fc.integer({ min: 0x1_0000, max: 0xf_ffff }),
          size: fc.integer({ min: 2, max: 400 }),
          insns: fc.constant(1),
          count: fc.constant(1),
        }),
      ),
    );
    fc.assert(
      fc.property(any, (blocks) => {
        const { modules, blocks: read } = readDrcov(drcovFile(blocks, () => 0x1234));
        const back = read.map(({ start, size, module }) => {
          const { base = 0, path } = modules[module] ?? {};
          return [path, base + start, size];
        });
        expect(back).toEqual(blocks.map(({ object: { path }, address, size }) => [path, address, size]));
      }),
    );
  });
});
