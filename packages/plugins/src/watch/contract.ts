import { callback, contract, fn } from "@qpp/core";
import type { Cpu } from "@qpp/emulator/contract";

/** Memory that is watched. */
export interface Watched {
  /** The symbol that it was named by, or its address in hexadecimal. */
  readonly name: string;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

/** An access to memory that is watched. */
export interface WatchedAccess {
  readonly watched: Watched;
  /** A load or store of an instruction; or a system call that has written there. */
  readonly kind: "load" | "store" | "syscall";
  /** Address of the instruction; for a system call that of the `ecall`. */
  readonly pc: number;
  /** The first of the watched bytes that was accessed, from 0; for a system call, that was changed. */
  readonly offset: number;
  /** How many bytes from there on, up to the last one. */
  readonly length: number;
  /** What the watched bytes were before, all of them; valid until the callback returns. */
  readonly before: Uint8Array;
  /** What they are now; the same for a load. */
  readonly after: Uint8Array;
}

/** What is to be told: accesses that change the value, all writes, reads, or all accesses. */
export type WatchKind = "change" | "w" | "r" | "rw";

/** A watch that is set. */
export interface Watch {
  /** Takes it back. */
  end(): void;
}

/** What `watch` offers: data watchpoints. */
export const watch = contract("watch", {
  callbacks: {
    /** Watched memory was accessed: told after the access, with registers as they are then. */
    onAccess: callback<[cpu: Cpu, access: WatchedAccess]>(),
  },
  functions: {
    /**
     * Watches memory at an address, in all processes; or a variable by its symbol, in all that is loaded, also later. `kind` is
     * `"change"` unless told. Throws a RangeError for a size that is not from 1 to 4096.
     */
    watch: fn<(what: { address: number; size: number } | { symbol: string }, kind?: WatchKind) => Watch>(),
  },
});
