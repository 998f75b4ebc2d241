import { fileURLToPath } from "node:url";

/** A guest with the arguments that it is measured with. */
export interface Guest {
  readonly name: string;
  /** For about 300 million instructions. */
  readonly args: readonly string[];
  /** For about 15 million: see {@link EACH_EVENT}. */
  readonly few: readonly string[];
}

const STATIONS = fileURLToPath(new URL("../../guests/data/stations.json", import.meta.url));

/** Branches and calls, text, doubles. */
export const GUESTS: readonly Guest[] = [
  { name: "qsort", args: ["400000"], few: ["22000"] },
  { name: "json", args: [STATIONS, "180"], few: [STATIONS, "9"] },
  { name: "matmul", args: ["330"], few: ["120"] },
];

/** Plugins that do something in JavaScript, or write something, for each instruction, access or call, on purpose. */
export const EACH_EVENT: readonly string[] = [
  "execlog",
  "inline",
  "lockstep",
  "memtrace",
  "registers",
  "stringsearch",
  "uftrace",
];
