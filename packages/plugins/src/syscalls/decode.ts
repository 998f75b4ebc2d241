import type { SyscallEntry } from "@qpp/emulator/contract";
import { type ArgumentKind, type SyscallArgument, syscallSignature } from "@qpp/emulator/syscalls";
import { hex } from "../text.js";
import type { DecodedArgument, DecodedSyscall } from "./contract.js";

/** `AT_FDCWD`: "relative to the working directory" (openat(2)). */
const AT_FDCWD = -100;
/** `PATH_MAX`, which the kernel reads of a path at most. */
const LONGEST_STRING = 4096;
/** A system call has six arguments at most; QEMU passes eight registers. */
const MOST_ARGUMENTS = 6;

/** Reads a string of the guest. */
export type ReadString = (address: number, limit: number) => string | undefined;

/** Decodes a call's arguments by the kernel's table. Strings are read now, while they are what the kernel will see. */
export function decode(entry: SyscallEntry, readString: ReadString): DecodedSyscall {
  const signature = syscallSignature(entry.number)?.arguments ?? UNKNOWN;
  const args = signature.map(({ name, kind }, i) =>
    decodeArgument(name, kind, entry.rawArgs[i] ?? 0n, readString),
  );
  return { vcpu: entry.cpu.index, pc: entry.pc, number: entry.number, name: entry.name, args };
}

const UNKNOWN: readonly SyscallArgument[] = Array.from({ length: MOST_ARGUMENTS }, (_, i) => ({
  name: `a${i}`,
  kind: "pointer",
}));

function decodeArgument(
  name: string,
  kind: ArgumentKind,
  raw: bigint,
  readString: ReadString,
): DecodedArgument {
  const value = Number(NARROW[kind](raw));
  if (kind !== "path" && kind !== "string")
    return { name, value, string: undefined, text: SHOW[kind](value) };
  const string = value === 0 ? undefined : readString(value, LONGEST_STRING);
  return { name, value, string, text: string === undefined ? pointer(value) : JSON.stringify(string) };
}

const signed32 = (raw: bigint): bigint => BigInt.asIntN(32, raw);
const unsigned32 = (raw: bigint): bigint => BigInt.asUintN(32, raw);
const signed64 = (raw: bigint): bigint => BigInt.asIntN(64, raw);
const whole = (raw: bigint): bigint => raw;

/** As much of the register as the kernel looks at. */
const NARROW: Readonly<Record<ArgumentKind, (raw: bigint) => bigint>> = {
  fd: signed32,
  dirfd: signed32,
  path: whole,
  string: whole,
  pointer: whole,
  size: whole,
  offset: signed64,
  flags: unsigned32,
  mode: unsigned32,
  signal: signed32,
  pid: signed32,
  id: signed32,
  int: signed32,
  uint: unsigned32,
  long: signed64,
};

const pointer = (value: number): string => (value === 0 ? "NULL" : hex(value));
const flags = (value: number): string => (value === 0 ? "0" : hex(value));

/** How a value of each kind is shown. */
const SHOW: Readonly<Record<ArgumentKind, (value: number) => string>> = {
  fd: String,
  dirfd: (value) => (value === AT_FDCWD ? "AT_FDCWD" : String(value)),
  path: pointer,
  string: pointer,
  pointer,
  size: String,
  offset: String,
  flags,
  mode: (value) => (value === 0 ? "0" : `0${value.toString(8)}`),
  signal: String,
  pid: String,
  id: String,
  int: String,
  uint: String,
  long: String,
};
