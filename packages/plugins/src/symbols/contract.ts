import { callback, contract, fn } from "@qpp/core";
import type { GuestProcess } from "@qpp/emulator/contract";

/** An ELF file that is mapped to be executed: the program, its dynamic linker, a library. Stays as it is. */
export interface LoadedObject {
  /** As the guest names it. */
  readonly path: string;
  /** The load bias: an address in the process is this much more than in the file. 0 for a program linked to its place. */
  readonly base: number;
  /** First address of its segments. */
  readonly start: number;
  /** First address past them. */
  readonly end: number;
  /** The linker's build id in hexadecimal; undefined for a file without one. */
  readonly buildId: string | undefined;
}

/** A function, a variable or a label of a loaded object. */
export interface SymbolFact {
  /** For people: C++ and Rust names demangled; `puts@plt` for the stub through which a library's function is called. */
  readonly name: string;
  /** As the linker knows it. */
  readonly linkageName: string;
  readonly kind: "function" | "object" | "label" | "plt";
  /** Its address in the running process. */
  readonly start: number;
  /** Bytes; 0 if the file does not tell. */
  readonly size: number;
  /** The object that it is in. */
  readonly object: LoadedObject;
}

/** A symbol that holds an address. */
export interface SymbolAt extends SymbolFact {
  /** Bytes from the symbol's start to the address. */
  readonly offset: number;
}

/** A function that an address belongs to, with the place in its source. */
export interface SourceFrame {
  /** Demangled, with what it is a member of; undefined where nothing tells. */
  readonly function: string | undefined;
  /** As the linker would know it; undefined where debug information has no such name. */
  readonly linkageName: string | undefined;
  /** Path of the source file as the compiler had it; undefined without debug information. */
  readonly file: string | undefined;
  /** From 1; undefined where the compiler gives none. */
  readonly line: number | undefined;
  /** From 1; undefined for the whole line. */
  readonly column: number | undefined;
  /** Whether it was inlined into the frame before it. */
  readonly inlined: boolean;
}

/** A run of instructions that belong to one line. */
export interface LineRow {
  /** Address of the first one, in the running process. */
  readonly start: number;
  /** Address behind the last one. */
  readonly end: number;
  /** Path of the source file as the compiler had it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Whether a statement begins with it: a good place for a breakpoint (DWARF: `is_stmt`). */
  readonly isStatement: boolean;
}

/** A function of an object, with the place where its code begins. */
export interface FunctionFact {
  /** For people. */
  readonly name: string;
  /** Its address in the running process. */
  readonly start: number;
  /** Path of its source file as the compiler had it; undefined without debug information. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
}

/**
 * What `symbols` offers: names and source lines for addresses, and addresses for names, in all that the running process has
 * loaded. Answers are made when asked: a file's tables are read once, its debug information only as far as is needed.
 *
 * ```ts
 * install({ machine, symbols, report }) {
 *   const counts = machine.blocks.executed.countBy((block) => symbols.lookup(block.pc)?.name ?? "?");
 *   symbols.objectLoaded.register((process, { path }) => log(`${process.name} loads ${path}`));
 * ```
 */
export const symbols = contract("symbols", {
  callbacks: {
    /**
     * A process has an object: told after the system call that mapped its code, when all of its symbols can be asked for, and
     * none of its code has been executed; and for all that a program begins with, or a forked process, when that process
     * first runs. What is loaded before the guest starts is told by `objects()` alone.
     */
    objectLoaded: callback<[process: GuestProcess, object: LoadedObject]>(),
    /** A process has an object no more: it was unmapped, or another program is executed. */
    objectUnloaded: callback<[process: GuestProcess, object: LoadedObject]>(),
  },
  functions: {
    /** The function, variable or label that holds an address of the running process. */
    lookup: fn<(address: number) => SymbolAt | undefined>(),
    /**
     * The functions that an address belongs to, from the outermost to the one that was inlined last, with source lines: that
     * of the call in each frame but the last. From DWARF debug information, versions 2 to 5; without it the symbol alone; empty if
     * that is unknown too.
     */
    lines: fn<(address: number) => readonly SourceFrame[]>(),
    /**
     * Which instructions of an object belong to which lines, as far as its debug information tells: a row for each run of
     * instructions, in no order. What is compiled more than once, such as a template, has rows for each time.
     */
    lineTable: fn<(object: LoadedObject) => Iterable<LineRow>>(),
    /** The functions of an object, by address, each once: under the name by which `lookup` knows it. */
    functionsOf: fn<(object: LoadedObject) => readonly FunctionFact[]>(),
    /**
     * Symbols by name, in all loaded objects, by address: an exact name (demangled or the linker's); a glob with `*` and `?`; or
     * a regular expression between slashes, `/^std::/`. A prefix `libc.so.6!` asks in objects of that file name only.
     * Throws a SyntaxError for a regular expression that is none.
     */
    find: fn<(pattern: string) => readonly SymbolFact[]>(),
    /** What the running process has loaded, by address. */
    objects: fn<() => readonly LoadedObject[]>(),
    /** The object that an address of the running process belongs to. */
    objectAt: fn<(address: number) => LoadedObject | undefined>(),
  },
});
