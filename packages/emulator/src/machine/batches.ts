import type { BlockBatch, InstructionBatch } from "../contract/blocks.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { MemoryBatch } from "../contract/memory.js";
import type { BatchFormat, BatchRecords } from "../instrument/feeds.js";
import { NumberedSites } from "../instrument/numbered-sites.js";
import { accessInfo } from "./access.js";

const NONE = new Uint32Array(0);

class BlockRecords implements BlockBatch, BatchRecords<Block, BlockBatch> {
  length = 0;
  readonly #vcpu: () => number;
  readonly #blocks: NumberedSites<Block>;

  constructor(vcpu: () => number, [numbers = NONE]: readonly Uint32Array[]) {
    this.#vcpu = vcpu;
    this.#blocks = new NumberedSites(numbers, [(block) => block.pc, (block) => block.instructions.length]);
  }

  get pc(): Uint32Array {
    return this.#blocks.column(0, this.length);
  }

  get insns(): Uint32Array {
    return this.#blocks.column(1, this.length);
  }

  block(i: number): Block {
    return this.#blocks.of(i);
  }

  number(block: Block): number {
    return this.#blocks.add(block);
  }

  /** That of all its events: batches are handed over before another vCPU runs. */
  get vcpu(): number {
    return this.#vcpu();
  }

  clear(): void {
    this.#blocks.clear();
  }

  batch(length: number): this {
    this.length = length;
    this.#blocks.renew();
    return this;
  }
}

/** An instruction's number is its address. */
class InstructionRecords implements InstructionBatch, BatchRecords<Instruction, InstructionBatch> {
  length = 0;
  readonly #vcpu: () => number;
  readonly pc: Uint32Array;
  readonly #sites = new Map<number, Instruction>();

  constructor(vcpu: () => number, [pc = NONE]: readonly Uint32Array[]) {
    this.#vcpu = vcpu;
    this.pc = pc;
  }

  instruction(i: number): Instruction {
    return this.#sites.get(this.pc[i] ?? -1) as Instruction;
  }

  number(instruction: Instruction, drain: () => void): number {
    const { pc, data } = instruction;
    const known = this.#sites.get(pc);
    // Code that was rewritten: what is recorded are executions of what was there before.
    if (known !== undefined && known.data !== data) drain();
    this.#sites.set(pc, instruction);
    return pc;
  }

  /** That of all its events: batches are handed over before another vCPU runs. */
  get vcpu(): number {
    return this.#vcpu();
  }

  clear(): void {
    this.#sites.clear();
  }

  batch(length: number): this {
    this.length = length;
    return this;
  }
}

class AccessRecords implements MemoryBatch, BatchRecords<AccessSite, MemoryBatch> {
  length = 0;
  readonly #vcpu: () => number;
  readonly address: Uint32Array;
  readonly valueLow: Uint32Array;
  readonly valueHigh: Uint32Array;
  readonly #sites: NumberedSites<AccessSite>;

  constructor(
    vcpu: () => number,
    [address = NONE, valueLow = NONE, valueHigh = NONE, numbers = NONE]: readonly Uint32Array[],
  ) {
    this.#vcpu = vcpu;
    this.address = address;
    this.valueLow = valueLow;
    this.valueHigh = valueHigh;
    this.#sites = new NumberedSites(numbers, [(site) => site.pc, accessInfo]);
  }

  get pc(): Uint32Array {
    return this.#sites.column(0, this.length);
  }

  get info(): Uint32Array {
    return this.#sites.column(1, this.length);
  }

  site(i: number): AccessSite {
    return this.#sites.of(i);
  }

  number(site: AccessSite): number {
    return this.#sites.add(site);
  }

  /** That of all its events: batches are handed over before another vCPU runs. */
  get vcpu(): number {
    return this.#vcpu();
  }

  clear(): void {
    this.#sites.clear();
  }

  batch(length: number): this {
    this.length = length;
    this.#sites.renew();
    return this;
  }
}

/** Executions of blocks: only the block's number is recorded. */
export const blockBatches = (vcpu: () => number): BatchFormat<Block, BlockBatch> => ({
  columns: 1,
  values: () => "none",
  create: (columns) => new BlockRecords(vcpu, columns),
});

/** Executions of instructions: only the address is recorded. */
export const instructionBatches = (vcpu: () => number): BatchFormat<Instruction, InstructionBatch> => ({
  columns: 1,
  values: () => "none",
  create: (columns) => new InstructionRecords(vcpu, columns),
});

/** Accesses: address, low and high half of the value, and the site's number are recorded. */
export const accessBatches = (vcpu: () => number): BatchFormat<AccessSite, MemoryBatch> => ({
  columns: 4,
  values: ({ bytes }) => (bytes === 8 ? "wide" : "narrow"),
  create: (columns) => new AccessRecords(vcpu, columns),
});
