import { plugin } from "@qpp/core";
import { block, machineStreams } from "@qpp/emulator/testing";
import { bbv as bbvContract } from "@qpp/plugins/bbv/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { foundByPeer, hasPeers, NEEDS_PEERS } from "./peer.js";
import { resultOf, rigWith } from "./real.js";

const one = block(0x1000, ["jalr zero,0(ra)"], "leaf");
const three = block(0x2000, ["addi zero,zero,0", "c.addi a0,1", "jal zero,0x1000"]);

/** Reads a frequency vector file, as SimPoint does: one interval a line. */
const vectorsIn = (text: string): (readonly [block: number, insns: number])[][] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("T"))
    .map((line) =>
      [...line.matchAll(/:(\d+):(\d+)/g)].map(
        ([, number, insns]) => [Number(number), Number(insns)] as const,
      ),
    );

/** Vectors of each vCPU as addresses with instructions, from what a listener to `bbv` is told. */
function listener(seen: Map<number, (readonly [pc: number, insns: number])[][]>) {
  return plugin("listener", {
    requires: { bbv: bbvContract },
    install({ bbv }) {
      bbv.onInterval.register((vcpu, vector) => {
        const mine = seen.get(vcpu) ?? [];
        seen.set(vcpu, mine);
        mine.push(
          vector.map(({ block: number, insns }) => [bbv.blocks()[number - 1]?.pc ?? 0, insns] as const),
        );
      });
    },
  });
}

describe("bbv", () => {
  it("writes a line for each interval, with what is over counted for the next", async () => {
    const { fake, files, result, summary } = await load({ bbv: { interval: "5" } });
    for (const executed of [three, one, three, one, one, three]) fake.execute(executed);
    fake.end(0);
    expect(result("bbv")).toEqual({ interval: 5, blocks: 2, intervals: [2] });
    expect(summary("bbv")).toBe("2 blocks, intervals of 5 instructions\nvCPU 0: 2 intervals");
    const text = files().get("bbv.0.bb")?.toString() ?? "";
    expect(text).toBe("T:1:6 :2:1 \nT:1:3 :2:2 \n");
    expect(vectorsIn(text)).toEqual([
      [
        [1, 6],
        [2, 1],
      ],
      [
        [1, 3],
        [2, 2],
      ],
    ]);
  });

  it("writes to the path that it was given, for each vCPU", async () => {
    const { fake, files } = await load({ bbv: { interval: "1", outfile: "some/where" } });
    fake.execute(one);
    fake.execute(three, 1);
    fake.end(0);
    expect([...files()].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ["some/where.0.bb", "T:1:1 \n"],
      ["some/where.1.bb", "T:2:3 \n"],
    ]);
  });

  it.each([
    [{ interval: "0" }, "it must be a whole number from 1"],
    [{ outfile: "" }, "it must be the path"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ bbv: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });

  it("sums up the blocks of any stream by interval, a vCPU at a time", async () => {
    await fc.assert(
      fc.asyncProperty(
        machineStreams({ maxVcpus: 3 }),
        fc.integer({ min: 1, max: 20 }),
        async (stream, interval) => {
          const seen = new Map<number, (readonly [number, number])[][]>();
          const { fake } = await load({ bbv: { interval: String(interval) } }, [listener(seen)]);
          const model = new Map<number, [number, number][][]>();
          const present = new Map<number, { insns: number; weights: Map<number, number> }>();
          for (const event of stream.events) {
            if (event.kind !== "block") continue;
            const { pc, instructions } = event.block;
            const mine = present.get(event.vcpu) ?? { insns: 0, weights: new Map() };
            present.set(event.vcpu, mine);
            mine.weights.set(pc, (mine.weights.get(pc) ?? 0) + instructions.length);
            mine.insns += instructions.length;
            if (mine.insns < interval) continue;
            mine.insns -= interval;
            const ended = model.get(event.vcpu) ?? [];
            model.set(event.vcpu, ended);
            ended.push([...mine.weights]);
            mine.weights.clear();
          }
          fake.play(stream);
          const sorted = (of: typeof model | typeof seen) =>
            [...of]
              .sort(([a], [b]) => a - b)
              .map(([vcpu, vectors]) => [
                vcpu,
                vectors.map((vector) => [...vector].sort(([a], [b]) => a - b)),
              ]);
          expect(sorted(seen)).toEqual(sorted(model));
        },
      ),
    );
  });

  it.skipIf(!hasPeers).each([["count-loop"], ["count-calls"]])(
    `finds the vectors that QEMU finds in %s ${NEEDS_PEERS}`,
    async (program) => {
      const seen = new Map<number, (readonly [number, number])[][]>();
      const rig = await rigWith(guest(program), { bbv: { interval: "5000" } });
      await rig.container.load([{ plugin: listener(seen) }]);
      rig.run();
      const byPc = (vectors: readonly (readonly (readonly [number, number])[])[]) =>
        vectors.map((vector) => [...vector].sort(([a], [b]) => a - b));
      const there = foundByPeer("bbv", program) as [number, number][][];
      expect(there.length).toBeGreaterThan(3);
      expect(byPc(seen.get(0) ?? [])).toEqual(byPc(there));
    },
  );

  it.skipIf(!canCompile)(`leaves out nothing of threads and processes ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("processes"), { bbv: { interval: "1" } });
    const blocks = rig.api.blocks.executed.count();
    rig.run();
    const { intervals } = resultOf(rig, "bbv") as { intervals: number[] };
    // No block is empty, so each ends an interval of one instruction; what is over ends none of its own.
    expect(intervals.reduce((sum, ended) => sum + ended, 0)).toBe(blocks.value);
  });
});
