import { type Registers, UnknownRegisterError } from "@qpp/emulator/contract";
import type { Checks } from "../checks.js";

/** What cannot be written: x0 is 0 always, and the pc is set by `cpu.setPc`. */
const READ_ONLY: ReadonlySet<string> = new Set(["zero", "pc"]);

/** Bits that a register of 32 bits has; the other ones are 0 (unprivileged manual, "Floating-Point Control and Status Register"). */
const CSR_BITS: ReadonlyMap<string, bigint> = new Map([
  ["fflags", 0x1fn],
  ["frm", 0x7n],
  ["fcsr", 0xffn],
]);

/** Reads and writes every register; all of them have their values again at the end. */
export function checkRegisters(registers: Registers, checks: Checks): void {
  const before = registers.list.map(({ name }) => registers.read(name));
  for (const { name, bits } of registers.list) {
    const value = registers.read(name);
    checks.expect("a register fits its width", BigInt.asUintN(bits, value), value);
    checks.expect("both ways of reading agree", registers.readNumber(name), Number(value));
    if (READ_ONLY.has(name)) {
      checks.expect("a read-only register is not written", writtenTo(registers, name), value);
      continue;
    }
    registers.write(name, value);
    checks.expect("a register keeps its own value when that is written", registers.read(name), value);
    const other = (value ^ 0x55n) & (CSR_BITS.get(name) ?? BigInt.asUintN(bits, -1n));
    registers.write(name, other);
    checks.expect("a register has the value that was written", registers.read(name), other);
    registers.write(name, value);
  }
  registers.list.forEach(({ name }, i) => {
    checks.expect("a register has its first value at the end", registers.read(name), before[i]);
  });
  checks.expect("an unknown register is refused", refusal(registers) instanceof UnknownRegisterError, true);
}

/** What a read-only register holds after the attempt to write something else, which may be refused or do nothing. */
function writtenTo(registers: Registers, name: string): bigint {
  const value = registers.read(name);
  try {
    registers.write(name, value ^ 0x55n);
  } catch {
    // Refused: what it holds now tells whether rightly so.
  }
  return registers.read(name);
}

function refusal(registers: Registers): unknown {
  try {
    return registers.read("no-such-register");
  } catch (cause) {
    return cause;
  }
}
