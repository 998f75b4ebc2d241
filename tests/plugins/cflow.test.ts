import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { block, machineStreams } from "@qpp/emulator/testing";
import { cflow, type FlowEdge, type FlowNode } from "@qpp/plugins/cflow/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { A0, A1, A2, A3, A7, li, op, padTo, S0, T0, TEXT } from "../emulator/machine/assemble.js";
import { type Guest, guest, program } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { foundByPeer, hasPeers, NEEDS_PEERS } from "./peer.js";
import { rigWith } from "./real.js";

interface Found {
  nodes: readonly FlowNode[];
  edges: readonly FlowEdge[];
}

/** Takes what `cflow` offers to others, when the guest has ended. */
function client(found: Found) {
  return plugin("client", {
    requires: { machine, cflow },
    install: ({ machine: { exited }, cflow: { nodes, edges } }) => {
      exited.register(() => Object.assign(found, { nodes: nodes(), edges: edges() }));
    },
  });
}

const nothing = (): Found => ({ nodes: [], edges: [] });

/** Where a vCPU is: what it executed last, the end of that block, and what lies behind it. */
interface Place {
  last: number;
  end: number;
  behind: number;
}

describe("cflow", () => {
  const loop = block(0x1000, ["lw a0,0(s0)", "addi s0,s0,4", "bne a0,zero,0x1000"], "scan");
  const after = block(0x100c, ["jalr zero,0(ra)"], "scan");
  const handler = block(0x2000, ["ld a0,0(s0)", "jal zero,0x100c"], "handler");

  it("counts where branches go, but not what lies behind them, and blocks that are left early", async () => {
    const found = nothing();
    const { fake, result, summary } = await load({ cflow: {} }, [client(found)]);
    const [faults] = loop.instructions;
    if (faults === undefined) return expect.fail();
    fake.execute(loop);
    fake.execute(loop);
    fake.execute(loop);
    fake.execute(after);
    for (let i = 0; i < 2; i++) {
      fake.emit({ kind: "block", vcpu: 0, block: loop });
      fake.emit({ kind: "instruction", vcpu: 0, instruction: faults });
      const [from, to] = [faults.pc, handler.pc];
      fake.emit({ kind: "discontinuity", vcpu: 0, type: "exception", from, to, signal: "SIGSEGV" });
      fake.execute(handler);
      fake.execute(after);
    }
    fake.end(0);
    expect(summary("cflow")).toBe(
      [
        "collected 6 control flow nodes in the hash table",
        "  addr: 0x1000 scan: lw a0,0(s0) (sync fault)",
        "    early exits 2",
        "    branches 2",
        "      to 0x2000 (2)",
        "  addr: 0x1008 scan: bne a0,zero,0x1000 (branch)",
        "    branches 2",
        "      to 0x1000 (2)",
        "  addr: 0x100c scan: jalr zero,0(ra) (branch)",
        "    branches 2",
        "      to 0x1000 (2)",
        "  addr: 0x2004 handler: jal zero,0x100c (branch)",
        "    branches 2",
        "      to 0x100c (2)",
      ].join("\n"),
    );
    expect((result("cflow") as { nodes: unknown[] }).nodes[0]).toEqual({
      pc: "0x1000",
      symbol: "scan",
      text: "lw a0,0(s0)",
      branches: 2,
      earlyExits: 2,
      lastTranslations: 0,
      midTranslations: 1,
      destinations: [{ pc: "0x2000", count: 2 }],
    });
    expect(found.edges).toEqual([
      { from: 0x1000, to: 0x2000, count: 2 },
      { from: 0x1008, to: 0x1000, count: 2 },
      { from: 0x100c, to: 0x1000, count: 2 },
      { from: 0x2004, to: 0x100c, count: 2 },
    ]);
  });

  it("makes no edge from a program to the one that is executed in its place", async () => {
    const { fake, result } = await load({ cflow: {} });
    fake.execute(block(0x1000, ["ecall"]));
    fake.process = { ...fake.process, name: "other" };
    fake.execute(block(0x4000, ["ecall"]));
    fake.end(0);
    expect(result("cflow")).toEqual({ instructions: 2, nodes: [] });
  });

  it("finds what a naive model finds in any stream, in any order that is asked for", async () => {
    await fc.assert(
      fc.asyncProperty(
        machineStreams({ maxVcpus: 3, maxBlocks: 60 }),
        fc.constantFrom("hottest", "early", "exceptions"),
        fc.nat({ max: 4 }),
        async (stream, sort, limit) => {
          const found = nothing();
          const { fake, result, faults } = await load({ cflow: { sort, limit: String(limit) } }, [
            client(found),
          ]);
          const model = new Map<string, number>();
          const places = new Map<number, Place>();
          for (const event of stream.events) {
            if (event.kind === "vcpu-initialized") places.delete(event.vcpu);
            if (event.kind === "block") {
              const { pc, size, instructions } = event.block;
              const place = places.get(event.vcpu);
              if (place !== undefined && place.behind !== pc) {
                const key = `${place.last} ${pc}`;
                model.set(key, (model.get(key) ?? 0) + 1);
              }
              places.set(event.vcpu, { last: 0, end: instructions.at(-1)?.pc ?? 0, behind: pc + size });
            }
            const place = event.kind === "instruction" && places.get(event.vcpu);
            if (place) place.last = event.instruction.pc;
          }
          fake.play(stream);
          expect(faults).toEqual([]);
          expect(
            Object.fromEntries(found.edges.map(({ from, to, count }) => [`${from} ${to}`, count])),
          ).toEqual(Object.fromEntries(model));
          const keys: Record<string, (node: FlowNode) => number> = {
            hottest: (node) => node.branches,
            early: (node) => node.earlyExits,
            exceptions: (node) => node.destinations.length,
          };
          const key = keys[sort] ?? expect.fail();
          const { nodes } = result("cflow") as { nodes: readonly FlowNode[] };
          const wanted = found.nodes.map(key).sort((a, b) => b - a);
          expect(nodes.map(key)).toEqual(limit === 0 ? wanted : wanted.slice(0, limit));
        },
      ),
    );
  });

  it("refuses an order that there is not", async () => {
    const { refused } = await load({ cflow: { sort: "coldest" } });
    expect(refused).toEqual([expect.stringContaining("it must be one of hottest, early, exceptions")]);
  });
});

/** Stores to an unmapped page in the middle of a block, with a handler that goes on behind that instruction. */
function faulting(): Guest {
  const handler = 0x200;
  const [RA, SP] = [1, 2];
  return program([
    ...li(S0, TEXT + handler),
    op("sd", { rs1: SP, rs2: S0, imm: -24 }),
    op("sd", { rs1: SP, rs2: 0, imm: -16 }),
    op("sd", { rs1: SP, rs2: 0, imm: -8 }),
    ...li(A0, 11),
    op("addi", { rd: A1, rs1: SP, imm: -24 }),
    ...li(A2, 0),
    ...li(A3, 8),
    ...li(A7, 134),
    op("ecall"),
    ...li(A0, 77),
    op("sd", { rs1: SP, rs2: A0, imm: -8 }),
    op("sd", { rs1: 0, rs2: A0, imm: 8 }),
    op("sd", { rs1: SP, rs2: A0, imm: -8 }),
    ...li(A7, 94),
    op("ecall"),
    padTo(handler),
    // Past the faulting instruction, by the pc of the context at a2, 176 bytes in.
    op("ld", { rd: T0, rs1: A2, imm: 176 }),
    op("addi", { rd: T0, rs1: T0, imm: 4 }),
    op("sd", { rs1: A2, rs2: T0, imm: 176 }),
    op("jalr", { rd: 0, rs1: RA, imm: 0 }),
  ]);
}

describe("cflow, of a real guest", () => {
  it("finds the fault in the middle of a block, and its handler", async () => {
    const { edges, nodes } = await flowOf(faulting());
    const fault = nodes.find(({ earlyExits }) => earlyExits > 0);
    expect(fault).toMatchObject({
      text: "sd a0,8(zero)",
      earlyExits: 1,
      branches: 1,
      lastTranslations: 0,
      destinations: [{ pc: TEXT + 0x200, count: 1 }],
    });
    // And the handler's return, and the one from the signal: to behind the fault.
    expect(edges).toHaveLength(3);
    expect(edges.map(({ to }) => to)).toContain((fault?.pc ?? 0) + 4);
  });

  async function flowOf(of: Guest): Promise<Found> {
    const found = nothing();
    const rig = await rigWith(of, { cflow: {} });
    await rig.container.load([{ plugin: client(found) }]);
    rig.run();
    expect(rig.faults).toEqual([]);
    return found;
  }

  it.skipIf(!canCompile)(
    `finds what a listener to each instruction finds of threads and processes ${NEEDS}`,
    async () => {
      const found = nothing();
      const rig = await rigWith(await compiled("processes"), { cflow: {} });
      await rig.container.load([{ plugin: client(found) }]);
      const model = new Map<string, number>();
      const places = new Map<number, { last: number; behind: number }>();
      rig.api.vcpus.initialized.register(({ index }) => void places.delete(index));
      rig.api.syscalls
        .where(({ name }) => name === "execve")
        .entered.register(({ cpu }) => void places.delete(cpu.index));
      rig.api.blocks.executed.register(({ index }, { pc, size }) => {
        const place = places.get(index);
        if (place !== undefined && place.behind !== pc) {
          const key = `${place.last} ${pc}`;
          model.set(key, (model.get(key) ?? 0) + 1);
        }
        places.set(index, { last: pc, behind: pc + size });
      });
      rig.api.instructions.executed.register(({ index }, { pc }) => {
        const place = places.get(index);
        if (place) place.last = pc;
      });
      rig.run();
      expect(rig.faults).toEqual([]);
      expect(Object.fromEntries(found.edges.map(({ from, to, count }) => [`${from} ${to}`, count]))).toEqual(
        Object.fromEntries(model),
      );
    },
  );

  interface Edge extends FlowEdge {
    readonly early: number;
  }

  /** Where the kernel has its code for returns from signals differs. */
  const place = (pc: number): string => (pc < 0x10_0000 ? pc.toString(16) : "elsewhere");
  const compared = (edges: readonly Edge[]): readonly string[] =>
    edges.map(({ from, to, count, early }) => `${place(from)} ${place(to)} ${count} ${early}`).sort();

  function bothWays({ nodes }: Found, there: readonly Edge[]): void {
    const here = nodes.flatMap(({ pc, earlyExits, destinations }) =>
      destinations.map((to) => ({ from: pc, to: to.pc, count: to.count, early: earlyExits })),
    );
    expect(compared(here)).toEqual(compared(there));
  }

  it.skipIf(!hasPeers).each([["count-loop"], ["count-calls"], ["selfmod"]])(
    `finds the flow that QEMU finds in %s ${NEEDS_PEERS}`,
    async (name) => {
      const there = foundByPeer("cflow", name) as Edge[];
      expect(there.length).toBeGreaterThan(2);
      bothWays(await flowOf(guest(name)), there);
    },
  );

  it.skipIf(!hasPeers)(
    `finds the flow of a fault and its handler that QEMU finds ${NEEDS_PEERS}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "qpp-cflow-"));
      try {
        const path = join(folder, "faulting");
        writeFileSync(path, faulting().image, { mode: 0o755 });
        const there = foundByPeer("cflow", path) as Edge[];
        expect(there.some(({ early }) => early === 1)).toBe(true);
        bothWays(await flowOf(faulting()), there);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
