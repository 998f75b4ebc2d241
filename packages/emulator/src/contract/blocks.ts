import type { Cpu } from "./cpu.js";
import type { Block, Instruction } from "./instruction.js";
import type { DirectLane, EventLanes } from "./lanes.js";

/** One execution of a block, on the Rx lane. */
export interface BlockExecution {
  readonly cpu: Cpu;
  readonly block: Block;
}

/** Executions of blocks, oldest first. `pc` and `insns` are worked out when they are first asked for. */
export interface BlockBatch {
  readonly length: number;
  readonly vcpu: number;
  /** Address of each block. */
  readonly pc: Uint32Array;
  /** Number of instructions in each block. */
  readonly insns: Uint32Array;
  /** The i-th block. */
  block(i: number): Block;
}

/** Translation blocks: when they are translated, and each time they are executed. */
export interface BlockEvents {
  /** Only blocks for which `predicate` holds; it runs once a translation. */
  where(predicate: (block: Block) => boolean): BlockEvents;
  /** Each translation, before any execution of it (QEMU: `register_vcpu_tb_trans_cb`). A flush makes new ones. */
  readonly translated: DirectLane<[block: Block], Block>;
  /** Before the block's first instruction (QEMU: `register_vcpu_tb_exec_cb`). */
  readonly executed: EventLanes<[cpu: Cpu, block: Block], BlockExecution, BlockBatch, Block>;
}

/** One execution of an instruction, on the Rx lane. */
export interface InstructionExecution {
  readonly cpu: Cpu;
  readonly instruction: Instruction;
}

/** Executions of instructions, oldest first. */
export interface InstructionBatch {
  readonly length: number;
  readonly vcpu: number;
  /** Address of each instruction. */
  readonly pc: Uint32Array;
  /** The i-th instruction. */
  instruction(i: number): Instruction;
}

/** Instructions, each time they are executed. */
export interface InstructionEvents {
  /** Only instructions for which `predicate` holds; it runs once a translation. */
  where(predicate: (instruction: Instruction) => boolean): InstructionEvents;
  /** Before the instruction (QEMU: `register_vcpu_insn_exec_cb`). */
  readonly executed: EventLanes<
    [cpu: Cpu, instruction: Instruction],
    InstructionExecution,
    InstructionBatch,
    Instruction
  >;
}
