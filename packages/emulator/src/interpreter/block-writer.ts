import type { Decoded } from "../isa/riscv/instruction.js";
import { HandlerNumber, handlers, probeHandler, tracedHandler } from "./handlers.js";
import {
  Demand,
  EntryField,
  Field,
  LONG_OPERATION_SIZE,
  OPERATION_SIZE,
  ProbeField,
  SINK_REGISTER,
} from "./operation.js";
import type { BlockInstruction, BlockPlan, Probe } from "./plan.js";
import type { ProbeName } from "./probe-handlers.js";

/** How the last operation of a block leads on. */
export type BlockEnd = "link" | "cut";

const NO_PROBES: readonly Probe[] = [];

/** Most bytes that the operations of a block can take. */
export function blockSizeBound(
  instructions: readonly BlockInstruction[],
  plan: BlockPlan | undefined,
): number {
  let probes = 0;
  if (plan !== undefined) {
    probes = plan.block.length;
    for (const list of [plan.before, plan.loads, plan.stores]) {
      for (const at of list) probes += (at?.length ?? 0) + 1;
    }
  }
  return (instructions.length + probes + 2) * LONG_OPERATION_SIZE;
}

/**
 * Writes the operations of a block from `start` on; gives the address past them. The block becomes hot after `countdown`
 * executions, or never, if that is 0.
 */
export function writeBlock(
  view: DataView,
  start: number,
  instructions: readonly BlockInstruction[],
  end: number,
  blockEnd: BlockEnd,
  plan: BlockPlan | undefined,
  countdown: number,
): number {
  let at = start;

  function open(handler: number, pc: number, imm: number): void {
    view.setUint16(at + Field.HANDLER, handler, true);
    view.setUint16(at + Field.RD, 0, true);
    view.setUint16(at + Field.RS1, 0, true);
    view.setUint16(at + Field.RS2, 0, true);
    view.setInt32(at + Field.IMM, imm, true);
    view.setUint32(at + Field.PC, pc, true);
  }

  function close(handler: number): void {
    at += handlers[handler]?.size ?? OPERATION_SIZE;
  }

  function links(taken: number, next: number): void {
    view.setUint32(at + Field.TAKEN_LINK, 0, true);
    view.setUint32(at + Field.NEXT_LINK, 0, true);
    view.setUint32(at + Field.TAKEN_PC, taken, true);
    view.setUint32(at + Field.NEXT_PC, next, true);
  }

  function simple(handler: number, pc: number, imm: number): void {
    open(handler, pc, imm);
    close(handler);
  }

  function probe(p: Probe, pc: number, access: "load" | "store" | undefined): void {
    switch (p.kind) {
      case "count":
        simple(probeHandler("count"), pc, p.cell);
        break;
      case "add":
      case "store": {
        const handler = probeHandler(p.kind);
        open(handler, pc, p.cell);
        view.setBigUint64(at + ProbeField.VALUE, p.value, true);
        close(handler);
        break;
      }
      case "call":
        simple(probeHandler("call"), pc, p.site);
        break;
      case "call-if": {
        const handler = probeHandler(`call-${p.condition}`);
        open(handler, pc, p.site);
        view.setUint32(at + ProbeField.FIRST, p.cell, true);
        view.setBigUint64(at + ProbeField.VALUE, p.value, true);
        close(handler);
        break;
      }
      case "batch": {
        const handler = probeHandler(batchHandler(access, p));
        open(handler, pc, p.ring);
        view.setUint32(at + ProbeField.FIRST, p.record, true);
        close(handler);
        break;
      }
    }
  }

  function instruction(decoded: Decoded, i: BlockInstruction, traced: boolean): void {
    const row = decoded.instruction;
    const handler = traced ? tracedHandler(row) : row.id;
    open(handler, i.pc, immediateOf(decoded));
    const sink = decoded.rd === 0 && row.operands.includes("rd");
    view.setUint16(at + Field.RD, sink ? SINK_REGISTER : decoded.rd * 8, true);
    view.setUint16(at + Field.RS1, decoded.rs1 * 8, true);
    view.setUint16(at + Field.RS2, decoded.rs2 * 8, true);
    if (row.flow !== "next") links((i.pc + decoded.imm) >>> 0, i.pc + i.length);
    close(handler);
  }

  const counted = countdown > 0 && blockEnd === "link";
  open(HandlerNumber.ENTER, instructions[0]?.pc ?? end, counted ? Demand.COUNTED : instructions.length);
  view.setUint16(at + EntryField.INSNS, instructions.length, true);
  view.setUint32(at + EntryField.COUNTDOWN, countdown, true);
  close(HandlerNumber.ENTER);
  const [first] = instructions;
  if (first !== undefined) for (const p of plan?.block ?? NO_PROBES) probe(p, first.pc, undefined);
  instructions.forEach((i, position) => {
    for (const p of plan?.before[position] ?? NO_PROBES) probe(p, i.pc, undefined);
    const { decoded } = i;
    if (decoded === undefined) {
      simple(HandlerNumber.ILLEGAL, i.pc, 0);
      return;
    }
    const loads = plan?.loads[position] ?? NO_PROBES;
    const stores = plan?.stores[position] ?? NO_PROBES;
    const traced = loads.length + stores.length > 0;
    instruction(decoded, i, traced);
    if (!traced) return;
    // A store-conditional accesses memory or does not; all other instructions that get here have accessed it.
    const guard = decoded.instruction.name.startsWith("sc.") ? at : undefined;
    if (guard !== undefined) simple(probeHandler("unless-stored"), i.pc, 0);
    for (const p of loads) probe(p, i.pc, "load");
    for (const p of stores) probe(p, i.pc, "store");
    if (guard !== undefined) view.setInt32(guard + Field.IMM, at - guard - OPERATION_SIZE, true);
  });

  if (blockEnd === "cut") {
    simple(HandlerNumber.CUT, end, 0);
  } else {
    const last = instructions.at(-1)?.decoded;
    if (last !== undefined && last.instruction.flow === "next") {
      open(HandlerNumber.GO_ON, end, 0);
      links(end, end);
      close(HandlerNumber.GO_ON);
    }
  }
  return at;
}

function batchHandler(
  access: "load" | "store" | undefined,
  { values }: Extract<Probe, { readonly kind: "batch" }>,
): ProbeName {
  if (access === undefined) return "batch";
  return values === "none" ? "batch-address" : `batch-${access}`;
}

/** Floating-point arithmetic has no immediate: the field carries the rounding mode and rs3. */
function immediateOf({ instruction, imm, rm, rs3 }: Decoded): number {
  const float =
    instruction.memory === undefined && (instruction.extension === "F" || instruction.extension === "D");
  return float ? rm | ((rs3 * 8) << 8) : imm;
}
