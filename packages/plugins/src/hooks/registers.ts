import type { Cpu } from "@qpp/emulator/contract";
import type { HookedCall, HookedResult, WordValue } from "./contract.js";

/** Arguments that are in registers; the others are on the stack, from where `sp` points at the entry. */
const IN_REGISTERS = 8;
const WORD = 8;

/** What is read and written of memory. */
export interface GuestWords {
  read(address: number, length: number): Uint8Array | undefined;
  write(address: number, bytes: Uint8Array): boolean;
}

/** The arguments of a call whose first instruction is about to be executed. */
export function argumentsOf(
  cpu: Cpu,
  memory: GuestWords,
): Pick<HookedCall, "arg" | "bigArg" | "setArg" | "doubleArg" | "setDoubleArg"> {
  const { registers } = cpu;
  const onStack = (n: number): number => registers.readNumber("sp") + (n - IN_REGISTERS) * WORD;
  const bigArg = (n: number): bigint => {
    if (n < IN_REGISTERS) return registers.read(`a${n}`);
    const bytes = memory.read(onStack(n), WORD);
    if (bytes === undefined) throw new RangeError(`there is no argument ${n}: the stack ends before it`);
    return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  };
  return {
    bigArg,
    arg: (n) => (n < IN_REGISTERS ? registers.readNumber(`a${n}`) : Number(bigArg(n))),
    setArg(n, value) {
      if (n < IN_REGISTERS) registers.write(`a${n}`, asWord(value));
      else if (!memory.write(onStack(n), bytesOf(asWord(value))))
        throw new RangeError(`there is no argument ${n}: the stack ends before it`);
    },
    doubleArg: (n) => asDouble(registers.read(`fa${n}`)),
    setDoubleArg: (n, value) => registers.write(`fa${n}`, doubleBits(value)),
  };
}

/** The result of a call whose return is about to be executed. */
export function resultOf({ registers }: Cpu): HookedResult {
  return {
    get value() {
      return registers.readNumber("a0");
    },
    get bigValue() {
      return registers.read("a0");
    },
    get doubleValue() {
      return asDouble(registers.read("fa0"));
    },
    replace: (value) => registers.write("a0", asWord(value)),
    replaceDouble: (value) => registers.write("fa0", doubleBits(value)),
  };
}

/** @throws RangeError for a number that is not whole */
export const asWord = (value: WordValue): bigint => BigInt.asUintN(64, BigInt(value));

const view = new DataView(new ArrayBuffer(8));

function asDouble(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function doubleBits(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function bytesOf(word: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, word, true);
  return bytes;
}
