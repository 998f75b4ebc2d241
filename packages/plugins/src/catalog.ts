import type { Plugin } from "@qpp/core";

/** A plugin of this package that can be loaded by name. */
export interface CatalogEntry {
  readonly name: string;
  /** One line for people; the same as the plugin's own. */
  readonly description: string;
  /** URL of its module; types and documentation of what it offers stand in the declarations beside that. */
  readonly url: string;
  /** Loads its module, and so its code, when it is wanted. */
  load(): Promise<Plugin>;
}

type Loader = () => Promise<{ readonly default: Plugin }>;

const rows: readonly (readonly [name: string, description: string, loader: Loader])[] = [
  ["bb", "Counts executed translation blocks and the instructions in them", () => import("./bb/index.js")],
  ["hotblocks", "Lists the blocks executed most often", () => import("./hotblocks/index.js")],
  [
    "insn",
    "Counts executed instructions; by size, or those whose disassembly begins with a text",
    () => import("./insn/index.js"),
  ],
  [
    "mem",
    "Counts loads and stores; prints each of them, or sums them up by region",
    () => import("./mem/index.js"),
  ],
  ["osi", "Which process is running: name, pid, ppid; and when that changes", () => import("./osi/index.js")],
  [
    "qpp_client",
    "The QPP RFC's client: calls qpp_srv's functions, listens to its callback",
    () => import("./qpp-client/index.js"),
  ],
  [
    "qpp_srv",
    "The QPP RFC's server: functions doAdd and doSub, callback onExit",
    () => import("./qpp-srv/index.js"),
  ],
  [
    "syscall",
    "Counts system calls and their errors by name; prints them, or what is written",
    () => import("./syscall/index.js"),
  ],
  [
    "syscalls",
    "System calls with decoded names and arguments, on entry and return",
    () => import("./syscalls/index.js"),
  ],
  [
    "syscalls_logger",
    "Prints a line for each system call: where, which, and the process that makes it",
    () => import("./syscalls-logger/index.js"),
  ],
];

/** All plugins of this package, in alphabetical order. Importing this loads none of them. */
export const catalog: readonly CatalogEntry[] = rows.map(([name, description, loader]) => ({
  name,
  description,
  url: new URL(`./${name.replaceAll("_", "-")}/index.js`, import.meta.url).href,
  load: async () => (await loader()).default,
}));

/** The entry of that name, if there is one. */
export function findInCatalog(name: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.name === name);
}
