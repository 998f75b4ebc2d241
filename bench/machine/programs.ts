import { fileURLToPath } from "node:url";

/** Kinds of programs that have a mean of their own. */
export const KINDS = ["floating point", "recursion"] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/** A guest with arguments that have it run for about a second in `qemu-riscv64`. */
export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly kind?: Kind;
  /** Arguments for about 300 million instructions, the program's own if there are none here. */
  readonly shorter?: readonly string[];
}

const STATIONS = fileURLToPath(new URL("../../guests/data/stations.json", import.meta.url));

/** What is measured. guests/README.md tells what each of them does. */
export const PROGRAMS: readonly Program[] = [
  { name: "sieve", args: ["200000000"] },
  { name: "qsort", args: ["1200000"] },
  { name: "sha256", args: ["-n", "30000000"] },
  { name: "json", args: [STATIONS, "1000"], shorter: [STATIONS, "180"] },
  { name: "bytecode", args: ["120000"] },
  { name: "chase", args: ["44000000"] },
  { name: "strings", args: ["6000"] },
  { name: "copy", args: ["4000"] },
  { name: "lz", args: ["400"] },
  { name: "hash", args: ["16000000"] },
  { name: "bigint", args: ["150"] },
  { name: "fib", args: ["38"], kind: "recursion" },
  { name: "queens", args: ["14"], kind: "recursion" },
  { name: "trees", args: ["17"], kind: "recursion" },
  { name: "matmul", args: ["520"], kind: "floating point" },
  { name: "nbody", args: ["250000"], kind: "floating point" },
  { name: "libm", args: ["900000"], kind: "floating point" },
  { name: "stencil", args: ["250"], kind: "floating point" },
];

/** The programs that analyses are compared on: bytes and short loops, branches and calls, text, doubles. */
export const ANALYSED: readonly string[] = ["sieve", "qsort", "json", "matmul"];
