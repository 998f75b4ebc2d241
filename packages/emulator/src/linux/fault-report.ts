import type { SymbolTable } from "../elf/symbols.js";
import { INTEGER_REGISTERS } from "../isa/riscv/registers.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { Permission } from "../memory/layout.js";
import type { Registers } from "./registers.js";
import { Signal, signalName } from "./signals/numbers.js";

/** What is known when a signal ends a process. */
export interface FaultDetails {
  readonly signal: number;
  /** The process, unless it is the first. */
  readonly process?: { readonly pid: number; readonly name: string } | undefined;
  /** Address of the instruction that was to be executed, or that faulted. */
  readonly pc: number;
  /** The address that could not be used (`si_addr`); undefined for signals that have none. */
  readonly address?: number | undefined;
  /** Integer registers as the instruction found them. */
  readonly registers: Registers;
  readonly memory: GuestMemory;
  readonly symbols: SymbolTable;
  /** Text of the instruction at an address; not called if it cannot be fetched. */
  readonly disassemble: (pc: number) => string;
}

const COLUMNS = 4;

/** Signals that an instruction raises: where that was, and on what, is what their reader wants to know. */
const FAULTS: ReadonlySet<number> = new Set([
  Signal.SIGSEGV,
  Signal.SIGBUS,
  Signal.SIGILL,
  Signal.SIGFPE,
  Signal.SIGTRAP,
]);

/**
 * The text that tells a user why a signal ended a process, lines without a final newline; undefined for signals that somebody
 * sent (SIGTERM, SIGPIPE), of which who waits for the process is told. Of SIGABRT, which a program sends itself, it is the first line:
 *
 * ```
 * SIGSEGV at pc 0x10194 (main+0x10): sd a0,0(zero)
 *   faulting address 0x0: not mapped
 *   zero 0000000000000000    ra 0000000000010a2c    sp 00000000bffffd90    gp 0000000000072c18
 *   ...
 * ```
 */
export function faultReport(details: FaultDetails): string | undefined {
  const { signal, process, pc, address, memory } = details;
  const fault = FAULTS.has(signal);
  if (!fault && signal !== Signal.SIGABRT) return undefined;
  const instruction = memory.check(pc, 2, Permission.EXEC)
    ? details.disassemble(pc)
    : "no instruction can be fetched";
  const who = process ? `${process.name} (pid ${process.pid}): ` : "";
  const lines = [`${who}${signalName(signal)} at pc ${place(pc, details.symbols)}: ${instruction}`];
  if (!fault) return lines.join();
  if (address !== undefined) {
    lines.push(`  faulting address ${place(address, details.symbols)}: ${describeAddress(memory, address)}`);
  }
  for (let first = 0; first < INTEGER_REGISTERS.length; first += COLUMNS) {
    const cells = INTEGER_REGISTERS.slice(first, first + COLUMNS).map(
      (name, index) => `${name.padStart(4)} ${registerText(details.registers, first + index)}`,
    );
    lines.push(`  ${cells.join("  ")}`);
  }
  return lines.join("\n");
}

function place(address: number, symbols: SymbolTable): string {
  const hit = symbols.symbolAt(address);
  return hit
    ? `0x${address.toString(16)} (${hit.name}+0x${hit.offset.toString(16)})`
    : `0x${address.toString(16)}`;
}

function describeAddress(memory: GuestMemory, address: number): string {
  const mapping = memory.mappingAt(address);
  if (!mapping) return "not mapped";
  const prot = ["r", "w", "x"].map((letter, bit) => (mapping.prot & (1 << bit) ? letter : "-")).join("");
  return `mapped ${prot}${mapping.name ? `, ${mapping.name}` : ""}`;
}

function registerText(registers: Registers, register: number): string {
  return [registers.u32[2 * register + 1], registers.u32[2 * register]]
    .map((half) => (half ?? 0).toString(16).padStart(8, "0"))
    .join("");
}
