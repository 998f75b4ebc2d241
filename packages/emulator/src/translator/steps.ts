import { handlers } from "../interpreter/handlers.js";
import { Field, OPERATION_SIZE } from "../interpreter/operation.js";
import type { BlockInstruction, Probe } from "../interpreter/plan.js";
import type { Decoded } from "../isa/riscv/instruction.js";
import type { RegionNode } from "./region.js";

/** One probe, with the operation that does the same in the interpreter. */
export interface ProbeStep {
  readonly kind: "probe";
  readonly probe: Probe;
  readonly pc: number;
  readonly operation: number;
  /** Where the interpreter goes on after it. */
  readonly nextOperation: number;
  /** The access that it tells of. */
  readonly access: "load" | "store" | undefined;
  /** It happens only if a store-conditional has stored. */
  readonly conditional: boolean;
}

/** One guest instruction. */
export interface InstructionStep {
  readonly kind: "instruction";
  readonly instruction: BlockInstruction;
  /** Undefined for an illegal one. */
  readonly decoded: Decoded | undefined;
  readonly operation: number;
  readonly nextOperation: number;
  /** Probes after it look at its access. */
  readonly traced: boolean;
}

/** What is done one after another in a block. */
export type Step = ProbeStep | InstructionStep;

/** The steps that belong to one instruction: those before it, itself, those after it. */
export interface StepGroup {
  readonly before: readonly ProbeStep[];
  readonly instruction: InstructionStep;
  readonly after: readonly ProbeStep[];
}

/** A block as steps. The first group has the block's own probes before it. */
export interface Steps {
  readonly groups: readonly StepGroup[];
  /** All of them, in order. */
  readonly all: readonly Step[];
  /** First operation after that which enters the block. */
  readonly firstOperation: number;
}

const NO_PROBES: readonly Probe[] = [];

/** Addresses of the operations of a block, from the one after its entry on. */
function* operationsOf(view: DataView, start: number): Generator<number, never> {
  let at = start;
  for (;;) {
    at += handlers[view.getUint16(at + Field.HANDLER, true)]?.size ?? OPERATION_SIZE;
    yield at;
  }
}

/** Takes a block apart into steps, in the order of its operations (see `writeBlock`). */
export function stepsOf(view: DataView, { block }: RegionNode): Steps {
  const { instructions, plan } = block;
  const operations = operationsOf(view, block.start);
  const firstOperation = operations.next().value;
  let operation = firstOperation;

  function advance(): { readonly operation: number; readonly nextOperation: number } {
    const present = operation;
    operation = operations.next().value;
    return { operation: present, nextOperation: operation };
  }

  function probes(
    list: readonly Probe[] | undefined,
    pc: number,
    access: ProbeStep["access"],
    conditional: boolean,
  ): ProbeStep[] {
    return (list ?? []).map((probe) => ({ kind: "probe", probe, pc, ...advance(), access, conditional }));
  }

  const groups = instructions.map((instruction, position): StepGroup => {
    const { pc, decoded } = instruction;
    const before = [
      ...(position === 0 ? probes(plan?.block, pc, undefined, false) : []),
      ...probes(plan?.before[position], pc, undefined, false),
    ];
    const loads = plan?.loads[position] ?? NO_PROBES;
    const stores = plan?.stores[position] ?? NO_PROBES;
    const traced = decoded !== undefined && loads.length + stores.length > 0;
    const step: InstructionStep = { kind: "instruction", instruction, decoded, ...advance(), traced };
    if (!traced) return { before, instruction: step, after: [] };
    const conditional = decoded.instruction.name.startsWith("sc.");
    if (conditional) advance();
    return {
      before,
      instruction: step,
      after: [...probes(loads, pc, "load", conditional), ...probes(stores, pc, "store", conditional)],
    };
  });
  return {
    groups,
    all: groups.flatMap(({ before, instruction, after }) => [...before, instruction, ...after]),
    firstOperation,
  };
}
