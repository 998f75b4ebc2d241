import { SystemModeOnlyError } from "../contract/errors.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { BlockInstruction } from "../interpreter/plan.js";
import { isBranch, isCall, isJump, isReturn } from "../isa/riscv/classify.js";
import { disassemble } from "../isa/riscv/disassemble.js";
import type { AccessBytes } from "../isa/riscv/emitter.js";
import type { Decoded } from "../isa/riscv/instruction.js";

/** Name of the function that holds an address. */
export type SymbolName = (address: number) => string | undefined;

/** Static facts of one instruction; what costs something is found out when it is first asked for. */
class InstructionFacts implements Instruction {
  readonly pc: number;
  readonly size: 2 | 4;
  readonly data: number;
  readonly name: string;
  readonly accessBytes: AccessBytes | undefined;
  readonly isLoad: boolean;
  readonly isStore: boolean;
  readonly isBranch: boolean;
  readonly isCall: boolean;
  readonly isReturn: boolean;
  readonly isJump: boolean;
  readonly #decoded: Decoded | undefined;
  readonly #symbolName: SymbolName;
  #text: string | undefined;

  constructor(instruction: BlockInstruction, symbolName: SymbolName) {
    const { pc, length, bits, decoded } = instruction;
    const access = decoded?.instruction.memory;
    this.pc = pc;
    this.size = length;
    this.data = bits;
    this.name = decoded?.instruction.name ?? "illegal";
    this.accessBytes = access?.bytes;
    this.isLoad = access?.load ?? false;
    this.isStore = access?.store ?? false;
    this.isBranch = decoded !== undefined && isBranch(decoded);
    this.isCall = decoded !== undefined && isCall(decoded);
    this.isReturn = decoded !== undefined && isReturn(decoded);
    this.isJump = decoded !== undefined && isJump(decoded);
    this.#decoded = decoded;
    this.#symbolName = symbolName;
  }

  get text(): string {
    this.#text ??= disassemble(this.#decoded ?? this.data, this.pc);
    return this.#text;
  }

  get symbol(): string | undefined {
    return this.#symbolName(this.pc);
  }

  hardwareAddress(): never {
    throw new SystemModeOnlyError("the host address of an instruction");
  }
}

/** Makes the static facts of a block. */
export function blockFacts(instructions: readonly BlockInstruction[], symbolName: SymbolName): Block {
  const facts = instructions.map((i) => new InstructionFacts(i, symbolName));
  const pc = instructions[0]?.pc ?? 0;
  const last = instructions.at(-1);
  return {
    pc,
    size: last === undefined ? 0 : last.pc + last.length - pc,
    instructions: facts,
    get symbol() {
      return symbolName(pc);
    },
  };
}

/** The accesses of an instruction: none, a load, a store, or, for an atomic, first one and then the other. */
export function accessSites(
  instruction: Instruction,
  { decoded }: BlockInstruction,
): { readonly load: AccessSite | undefined; readonly store: AccessSite | undefined } {
  const access = decoded?.instruction.memory;
  const site = (isStore: boolean): AccessSite | undefined =>
    access === undefined
      ? undefined
      : {
          instruction,
          pc: instruction.pc,
          bytes: access.bytes,
          isStore,
          isLoad: !isStore,
          isSigned: !isStore && access.signed,
          isBigEndian: false,
          isAtomic: decoded?.instruction.extension === "A",
        };
  return { load: access?.load ? site(false) : undefined, store: access?.store ? site(true) : undefined };
}
