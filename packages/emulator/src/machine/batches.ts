import type { BlockBatch, InstructionBatch } from "../contract/blocks.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { MemoryBatch } from "../contract/memory.js";
import type { BatchFormat, BatchRecords } from "../instrument/feeds.js";
import { GatheredColumn } from "../instrument/gathered-column.js";
import { accessInfo } from "./access.js";

const NONE = new Uint32Array(0);

class BlockRecords implements BlockBatch, BatchRecords<Block, BlockBatch> {
  length = 0;
  readonly vcpu: number;
  readonly #numbers: Uint32Array;
  readonly #sites: Block[] = [];
  readonly #pc: GatheredColumn;
  readonly #insns: GatheredColumn;

  constructor(vcpu: number, [numbers = NONE]: readonly Uint32Array[]) {
    this.vcpu = vcpu;
    this.#numbers = numbers;
    this.#pc = new GatheredColumn(numbers);
    this.#insns = new GatheredColumn(numbers);
  }

  get pc(): Uint32Array {
    return this.#pc.get(this.length);
  }

  get insns(): Uint32Array {
    return this.#insns.get(this.length);
  }

  block(i: number): Block {
    return this.#sites[this.#numbers[i] ?? -1] as Block;
  }

  number(block: Block): number {
    const number = this.#sites.push(block) - 1;
    this.#pc.set(number, block.pc);
    this.#insns.set(number, block.instructions.length);
    return number;
  }

  clear(): void {
    this.#sites.length = 0;
  }

  batch(length: number): this {
    this.length = length;
    this.#pc.renew();
    this.#insns.renew();
    return this;
  }
}

/** An instruction's number is its address. */
class InstructionRecords implements InstructionBatch, BatchRecords<Instruction, InstructionBatch> {
  length = 0;
  readonly vcpu: number;
  readonly pc: Uint32Array;
  readonly #sites = new Map<number, Instruction>();

  constructor(vcpu: number, [pc = NONE]: readonly Uint32Array[]) {
    this.vcpu = vcpu;
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
  readonly vcpu: number;
  readonly address: Uint32Array;
  readonly valueLow: Uint32Array;
  readonly valueHigh: Uint32Array;
  readonly #numbers: Uint32Array;
  readonly #sites: AccessSite[] = [];
  readonly #pc: GatheredColumn;
  readonly #info: GatheredColumn;

  constructor(
    vcpu: number,
    [address = NONE, valueLow = NONE, valueHigh = NONE, numbers = NONE]: readonly Uint32Array[],
  ) {
    this.vcpu = vcpu;
    this.address = address;
    this.valueLow = valueLow;
    this.valueHigh = valueHigh;
    this.#numbers = numbers;
    this.#pc = new GatheredColumn(numbers);
    this.#info = new GatheredColumn(numbers);
  }

  get pc(): Uint32Array {
    return this.#pc.get(this.length);
  }

  get info(): Uint32Array {
    return this.#info.get(this.length);
  }

  site(i: number): AccessSite {
    return this.#sites[this.#numbers[i] ?? -1] as AccessSite;
  }

  number(site: AccessSite): number {
    const number = this.#sites.push(site) - 1;
    this.#pc.set(number, site.pc);
    this.#info.set(number, accessInfo(site));
    return number;
  }

  clear(): void {
    this.#sites.length = 0;
  }

  batch(length: number): this {
    this.length = length;
    this.#pc.renew();
    this.#info.renew();
    return this;
  }
}

/** Executions of blocks: only the block's number is recorded. */
export const blockBatches = (vcpu: number): BatchFormat<Block, BlockBatch> => ({
  columns: 1,
  wide: () => false,
  create: (columns) => new BlockRecords(vcpu, columns),
});

/** Executions of instructions: only the address is recorded. */
export const instructionBatches = (vcpu: number): BatchFormat<Instruction, InstructionBatch> => ({
  columns: 1,
  wide: () => false,
  create: (columns) => new InstructionRecords(vcpu, columns),
});

/** Accesses: address, low and high half of the value, and the site's number are recorded. */
export const accessBatches = (vcpu: number): BatchFormat<AccessSite, MemoryBatch> => ({
  columns: 4,
  wide: ({ bytes }) => bytes === 8,
  create: (columns) => new AccessRecords(vcpu, columns),
});
