import type { GuestMemory } from "../memory/guest-memory.js";
import { PAGE_SIZE } from "../memory/layout.js";
import { STACK_SIZE, STACK_TOP } from "./address-space.js";
import type { Identity } from "./identity.js";
import type { Program } from "./load.js";
import { Protection } from "./protection.js";
import type { Random } from "./random.js";

/**
 * Entry types of the auxiliary vector (getauxval(3); include/uapi/linux/auxvec.h). riscv64 has no AT_PLATFORM
 * (ELF_PLATFORM is NULL); AT_SYSINFO_EHDR is left out because there is no vDSO.
 */
const AuxiliaryType = {
  NULL: 0,
  PHDR: 3,
  PHENT: 4,
  PHNUM: 5,
  PAGESZ: 6,
  BASE: 7,
  FLAGS: 8,
  ENTRY: 9,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  HWCAP: 16,
  CLKTCK: 17,
  SECURE: 23,
  RANDOM: 25,
  EXECFN: 31,
  MINSIGSTKSZ: 51,
} as const;

/** One bit for each single-letter extension (arch/riscv/include/uapi/asm/hwcap.h). */
const HWCAP: number = [..."IMAFDC"].reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) - 65)), 0);
/** Ticks a second of times(2): USER_HZ. */
export const CLOCK_TICKS = 100;
/** Bytes of `struct rt_sigframe` without vector state: siginfo 128, ucontext 960 (arch/riscv/kernel/signal.c). */
const SIGNAL_FRAME_SIZE = 1088;
const RANDOM_BYTES = 16;
const POINTER_SIZE = 8;
/** Longest single string that execve(2) takes: MAX_ARG_STRLEN, 32 pages. */
const LONGEST_STRING = 32 * PAGE_SIZE;
/** All strings and pointers together may take a quarter of the stack limit (execve(2)). */
const MOST_BYTES: number = STACK_SIZE / 4;

/** Arguments or environment that no Linux program could be started with. */
export class StartError extends Error {
  override readonly name: string = "StartError";
  readonly code: "ARGUMENTS_TOO_LONG" | "BAD_ARGUMENT" | "NO_MEMORY";

  constructor(code: StartError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** An argument or environment string: text, or bytes without a NUL as another program gave them. */
export type StartString = string | Uint8Array;

/** What the program finds on its stack. */
export interface StackContents {
  /** The environment, by name, or as strings of the form `NAME=value`. */
  readonly env: Readonly<Record<string, string>> | readonly StartString[];
  readonly program: Program;
  readonly identity: Identity;
  readonly random: Random;
}

/**
 * Maps the stack and fills it as Linux does for a new program (RISC-V ELF psABI and fs/binfmt_elf.c,
 * create_elf_tables): from the stack pointer up argc, argv, envp, the auxiliary vector, then 16 random bytes and the
 * strings.
 *
 * @returns the stack pointer, a multiple of 16.
 * @throws StartError as {@link encodeStrings}, or if the memory limit leaves no room.
 */
export function createInitialStack(memory: GuestMemory, contents: StackContents): number {
  const { program, identity } = contents;
  const strings = encodeStrings(program, contents.env);
  const backing = { name: "[stack]", file: false, offset: 0, shared: false };
  const rights = Protection.READ | Protection.WRITE | (program.executableStack ? Protection.EXEC : 0);
  if (!memory.map(STACK_TOP - STACK_SIZE, STACK_SIZE, rights, backing)) {
    throw new StartError(
      "NO_MEMORY",
      `the guest's memory limit leaves no room for its stack of ${STACK_SIZE} bytes; raise it with --max-memory`,
    );
  }
  let top = STACK_TOP - 8;
  const push = (bytes: Uint8Array): number => {
    top -= bytes.length;
    memory.poke(top, bytes);
    return top;
  };
  const pushAll = (list: readonly Uint8Array[]): number[] => list.toReversed().map(push).reverse();

  const executable = push(strings.path);
  const environmentAddresses = pushAll(strings.env);
  const argumentAddresses = pushAll(strings.args);
  const seed = new Uint8Array(RANDOM_BYTES);
  contents.random.fill(seed);
  const randomAddress = push(seed);

  const auxiliary: readonly (readonly [number, number])[] = [
    [AuxiliaryType.MINSIGSTKSZ, SIGNAL_FRAME_SIZE],
    [AuxiliaryType.HWCAP, HWCAP],
    [AuxiliaryType.PAGESZ, PAGE_SIZE],
    [AuxiliaryType.CLKTCK, CLOCK_TICKS],
    [AuxiliaryType.PHDR, program.headers.address],
    [AuxiliaryType.PHENT, program.headers.entrySize],
    [AuxiliaryType.PHNUM, program.headers.count],
    [AuxiliaryType.BASE, program.interpreter?.base ?? 0],
    [AuxiliaryType.FLAGS, 0],
    [AuxiliaryType.ENTRY, program.ownEntry],
    [AuxiliaryType.UID, identity.uid],
    [AuxiliaryType.EUID, identity.uid],
    [AuxiliaryType.GID, identity.gid],
    [AuxiliaryType.EGID, identity.gid],
    [AuxiliaryType.SECURE, 0],
    [AuxiliaryType.RANDOM, randomAddress],
    [AuxiliaryType.EXECFN, executable],
    [AuxiliaryType.NULL, 0],
  ];
  const words = [
    argumentAddresses.length,
    ...argumentAddresses,
    0,
    ...environmentAddresses,
    0,
    ...auxiliary.flat(),
  ];
  top = Math.floor((top - words.length * 8) / 16) * 16;
  memory.poke(top, new Uint8Array(8 * words.length));
  words.forEach((word, index) => {
    memory.view.setUint32(top + index * 8, word, true);
  });
  return top;
}

/** The strings of a new program, each with its NUL. */
interface EncodedStrings {
  readonly path: Uint8Array;
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
}

/**
 * Makes bytes of what a program is to be given: {@link createInitialStack} does so; execve(2) does it before there is
 * no way back.
 * @throws StartError if the strings are too long, or contain a NUL.
 */
function encodeStrings(
  program: { readonly path: string; readonly args: readonly StartString[] },
  env: StackContents["env"],
): EncodedStrings {
  const environment = isList(env) ? env : Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const encoded: EncodedStrings = {
    path: encodeString(program.path),
    args: program.args.map(encodeString),
    env: environment.map(encodeString),
  };
  const all = [encoded.path, ...encoded.args, ...encoded.env];
  const bytes = all.reduce((sum, string) => sum + string.length + POINTER_SIZE, 0);
  if (bytes > MOST_BYTES) throw tooLong("arguments and environment", MOST_BYTES);
  return encoded;
}

/** `Array.isArray` narrows no readonly array. */
function isList(env: StackContents["env"]): env is readonly StartString[] {
  return Array.isArray(env);
}

const encoder = new TextEncoder();

function encodeString(string: StartString): Uint8Array {
  const bytes = typeof string === "string" ? encoder.encode(string) : string;
  if (bytes.includes(0)) {
    const text = typeof string === "string" ? string : new TextDecoder().decode(string);
    throw new StartError(
      "BAD_ARGUMENT",
      `an argument or environment string contains a NUL: ${JSON.stringify(text)}`,
    );
  }
  if (bytes.length >= LONGEST_STRING)
    throw tooLong("a single argument or environment string", LONGEST_STRING);
  const terminated = new Uint8Array(bytes.length + 1);
  terminated.set(bytes);
  return terminated;
}

function tooLong(what: string, limit: number): StartError {
  return new StartError(
    "ARGUMENTS_TOO_LONG",
    `${what} may take at most ${limit} bytes, as in Linux; shorten it`,
  );
}
