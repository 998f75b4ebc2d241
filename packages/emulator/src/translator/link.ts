import { setFlagsFromString } from "node:v8";
import type { Interpreter, InterpreterHost } from "../interpreter/module.js";
import { NO_REGION } from "../interpreter/region-call.js";
import { MEMORY_PAGES } from "../memory/layout.js";
import { encodeModule, type ModuleParts } from "../wasm/module.js";
import type { RegionFunc } from "./emit.js";

/** What regions import from the host. */
export type RegionHost = Pick<InterpreterHost, "event" | "drain">;

/** Makes regions known to each other and to the interpreter, through one table. */
export interface Linker {
  /** The slot of the region that begins at `pc`; until there is one, what is in it goes back to the interpreter. */
  slotOf(pc: number): number;
  /** Compiles regions as one module, and puts them into their slots. Gives the module's size. */
  link(regions: ReadonlyMap<number, RegionFunc>): number;
  /** Takes a region out; what calls it goes on in the interpreter. */
  unlink(pc: number): void;
  /** Forgets all regions. None may be running. */
  flush(): void;
}

/** Slots that the 16 bits of a block's first operation can tell. */
const MOST_SLOTS = 0x1_0000;

/** What a module of regions consists of: nothing that the interpreter has as well. */
export function moduleOf(regions: readonly RegionFunc[]): ModuleParts {
  const own = new Set<unknown>(regions);
  return {
    exports: Object.fromEntries(regions.map((f) => [f.name, f])),
    memory: { initial: MEMORY_PAGES, maximum: MEMORY_PAGES },
    table: true,
    shared: (f) => !own.has(f),
  };
}

/** Versions of V8 that keep to branch hints behind a flag: from Node 20 on, up to where they always do. */
const HINTS_BEHIND_FLAG = Number.parseFloat(process.versions.v8) < 13.7;

/** Has the engine keep to the branch hints: what is rare then stays out of the way of what is not. */
function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (!HINTS_BEHIND_FLAG) return new WebAssembly.Module(bytes);
  setFlagsFromString("--experimental-wasm-branch-hinting");
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString("--no-experimental-wasm-branch-hinting");
  }
}

/** Makes a linker without regions. */
export function createLinker(
  memory: WebAssembly.Memory,
  { table, functions }: Interpreter,
  host: RegionHost,
): Linker {
  const slots = new Map<number, number>();
  const { noRegion, ...shared } = functions;
  const env = { memory, table, event: host.event, drain: host.drain };

  return {
    slotOf(pc) {
      const known = slots.get(pc);
      if (known !== undefined) return known;
      const slot = slots.size + 1;
      if (slot === MOST_SLOTS) return NO_REGION;
      if (slot >= table.length) table.grow(Math.max(64, table.length));
      table.set(slot, noRegion);
      slots.set(pc, slot);
      return slot;
    },
    link(regions) {
      const bytes = encodeModule(moduleOf([...regions.values()]));
      const { exports } = new WebAssembly.Instance(compile(bytes), { env, shared });
      for (const [pc, { name }] of regions) table.set(this.slotOf(pc), exports[name]);
      return bytes.length;
    },
    unlink(pc) {
      table.set(this.slotOf(pc), noRegion);
    },
    flush() {
      for (const slot of slots.values()) table.set(slot, noRegion);
      slots.clear();
    },
  };
}
