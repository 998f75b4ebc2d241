import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Subscription } from "rxjs";
import { describe, expect, it } from "vitest";
import { DATA, exit, label, li, op, S0, T0, T1, T2, to } from "../assemble.js";
import { createRig, type MachineImports, program } from "../rig.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A loop for ever: 8 instructions, 4 accesses a turn. Addresses and values are past the small integers. */
const busy = program([
  ...li(S0, DATA),
  ...li(T0, -3),
  label("turn"),
  op("addi", { rd: T0, rs1: T0, imm: -7 }),
  op("sd", { rs1: S0, rs2: T0 }),
  op("ld", { rd: T1, rs1: S0 }),
  op("amoadd.d", { rd: T2, rs1: S0, rs2: T1 }),
  op("xor", { rd: T1, rs1: T1, rs2: T2 }),
  op("add", { rd: T2, rs1: T2, rs2: T1 }),
  op("slli", { rd: T1, rs1: T0, imm: 13 }),
  to("turn", "jal"),
  ...exit(0),
]);

const EVENTS = 10_000_000;
/** Instructions between two looks at the heap: so few that what they may allocate is far from a garbage collection. */
const SLICE = 8000;
const WARM_UP = 1500;
/**
 * Bytes an event. An object or a boxed number takes 12 at least; what compiling and looking at the heap allocate
 * comes to about 0.2 here, and to 0.6 where much is translated on a busy machine.
 */
const TOLERANCE = 3;

/** Bytes allocated while so many events happen: the sum of all rises of the heap between two looks at it. */
function allocatedBytes(runSlice: () => void, done: () => boolean): number {
  for (let i = 0; i < WARM_UP; i++) runSlice();
  collectGarbage();
  let allocated = 0;
  let last = getHeapStatistics().used_heap_size;
  while (!done()) {
    runSlice();
    const now = getHeapStatistics().used_heap_size;
    // A collection in between hides part of one slice.
    allocated += Math.max(0, now - last);
    last = now;
  }
  return allocated;
}

/** What consumers do with numbers: sums that the engine cannot leave out. */
const sums = new Float64Array(3);
let events = 0;

const lanes: Readonly<Record<string, (m: MachineImports) => Subscription>> = {
  "direct, blocks": (m) =>
    m.blocks.executed.register((cpu, block) => {
      events++;
      sums[0] = (sums[0] ?? 0) + block.pc + cpu.index;
    }),
  "direct, instructions": (m) =>
    m.instructions.executed.register((cpu, insn) => {
      events++;
      sums[0] = (sums[0] ?? 0) + insn.pc + cpu.pc;
    }),
  "direct, instructions, reading a register": (m) =>
    m.instructions.executed.register((cpu) => {
      events++;
      sums[0] = (sums[0] ?? 0) + cpu.registers.readNumber("t0");
    }),
  "direct, instructions, with the pc settable": (m) =>
    m.instructions.executed.register(
      (_cpu, insn) => {
        events++;
        sums[0] = (sums[0] ?? 0) + insn.pc;
      },
      { registers: "write-pc" },
    ),
  "direct, accesses": (m) =>
    m.memory.accessed.register((_cpu, access) => {
      events++;
      sums[0] = (sums[0] ?? 0) + access.address;
      sums[1] = (sums[1] ?? 0) + access.valueLow;
      sums[2] = (sums[2] ?? 0) + access.valueHigh;
    }),
  "conditional, instructions": (m) =>
    m.instructions.executed.when(m.scoreboards.create(1).entry(0), "eq", 0).register((_cpu, insn) => {
      events++;
      sums[0] = (sums[0] ?? 0) + insn.pc;
    }),
  "batch, blocks": (m) =>
    m.blocks.executed.batch((batch) => {
      events += batch.length;
      for (let i = 0; i < batch.length; i++)
        sums[0] = (sums[0] ?? 0) + (batch.pc[i] ?? 0) + (batch.insns[i] ?? 0);
    }),
  "batch, instructions": (m) =>
    m.instructions.executed.batch((batch) => {
      events += batch.length;
      for (let i = 0; i < batch.length; i++) sums[0] = (sums[0] ?? 0) + (batch.pc[i] ?? 0);
    }),
  "batch, accesses": (m) =>
    m.memory.accessed.batch((batch) => {
      events += batch.length;
      for (let i = 0; i < batch.length; i++) {
        sums[0] = (sums[0] ?? 0) + (batch.address[i] ?? 0) + (batch.info[i] ?? 0);
        sums[1] = (sums[1] ?? 0) + (batch.valueLow[i] ?? 0);
        sums[2] = (sums[2] ?? 0) + (batch.valueHigh[i] ?? 0);
      }
    }),
};

describe("no allocation for each event, over ten million events:", () => {
  it.each(Object.keys(lanes))("%s", async (name) => {
    const rig = await createRig(busy);
    events = 0;
    lanes[name]?.(rig.api);
    const slice = name.includes("blocks") ? 8 * SLICE : SLICE;
    let goal = 0;
    const allocated = allocatedBytes(
      () => void rig.machine.runSlice(slice),
      () => {
        goal ||= events + EVENTS;
        return events >= goal;
      },
    );
    expect(rig.faults).toEqual([]);
    expect(allocated / EVENTS).toBeLessThan(TOLERANCE);
  });

  it("the same measurement finds the objects of the Rx lane", async () => {
    const rig = await createRig(busy);
    events = 0;
    let kept: unknown;
    rig.api.instructions.executed.subscribe((event) => {
      events++;
      kept = event;
    });
    const first = WARM_UP * SLICE;
    const allocated = allocatedBytes(
      () => void rig.machine.runSlice(SLICE),
      () => events >= first + 1_000_000,
    );
    expect(kept).toBeDefined();
    expect(allocated / 1_000_000).toBeGreaterThan(12);
  });
});
