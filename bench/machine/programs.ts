import { fileURLToPath } from "node:url";

/** Kinds of programs that have a mean of their own. */
export const KINDS = ["floating point", "recursion"] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/** A guest with arguments that have it run for about three seconds in `qemu-riscv64`. */
export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly kind?: Kind;
  /** Arguments for about 1.2 billion instructions, the program's own if there are none here. */
  readonly shorter?: readonly string[];
}

const STATIONS = fileURLToPath(new URL("../../guests/data/stations.json", import.meta.url));

/** What is measured. guests/README.md tells what each of them does. */
export const PROGRAMS: readonly Program[] = [
  { name: "sieve", args: ["1000000000"], shorter: ["130000000"] },
  { name: "qsort", args: ["5500000"], shorter: ["1550000"] },
  { name: "sha256", args: ["-n", "300000000"] },
  { name: "json", args: [STATIONS, "5000"], shorter: [STATIONS, "760"] },
  { name: "bytecode", args: ["400000"] },
  { name: "chase", args: ["240000000"] },
  { name: "strings", args: ["36000"] },
  { name: "copy", args: ["28000"] },
  { name: "lz", args: ["2000"] },
  { name: "hash", args: ["80000000"] },
  { name: "bigint", args: ["600"] },
  { name: "fib", args: ["41"], kind: "recursion" },
  { name: "queens", args: ["15"], kind: "recursion" },
  { name: "trees", args: ["19"], kind: "recursion" },
  { name: "matmul", args: ["800"], kind: "floating point", shorter: ["530"] },
  { name: "nbody", args: ["1000000"], kind: "floating point" },
  { name: "libm", args: ["3500000"], kind: "floating point" },
  { name: "stencil", args: ["750"], kind: "floating point" },
];

/** The programs that analyses are compared on: bytes and short loops, branches and calls, text, doubles. */
export const ANALYSED: readonly string[] = ["sieve", "qsort", "json", "matmul"];
