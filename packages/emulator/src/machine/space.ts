import { createSites, type Deliver, type Sites } from "../instrument/sites.js";
import { type CachedBlock, createCodeCache } from "../interpreter/code-cache.js";
import { createEngine, type Engine, type EngineHost } from "../interpreter/engine.js";
import { createFuel, type Fuel } from "../interpreter/fuel.js";
import type { Planner } from "../interpreter/plan.js";
import type { Extensions } from "../isa/riscv/extensions.js";
import type { Registers } from "../linux/registers.js";
import { createGuestMemory, type GuestMemory, type MemoryHost } from "../memory/guest-memory.js";
import { X_REGISTERS } from "../memory/layout.js";
import { createLinker, type RegionHost } from "../translator/link.js";
import type { Translation } from "../translator/translation.js";
import { createTranslator } from "../translator/translator.js";

/** How code is translated. */
export interface TranslationOptions {
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  /** Executions after which a block is translated; 0 for never. */
  readonly threshold: number;
  /** Bytes of translated code, as WebAssembly, from which on all of it is given up. */
  readonly mostBytes: number;
  /** Told of every region that is translated. */
  readonly observe?: ((translation: Translation) => void) | undefined;
}

/** What an address space asks of its machine; all of it concerns what is running. */
export interface SpaceHost
  extends Pick<EngineHost, "drain" | "counter" | "syscall" | "exception" | "callbackThrew"> {
  /** What its address spaces have in common. */
  readonly memoryHost: MemoryHost;
  readonly planner: Planner;
  /** All translated code of this address space has gone. */
  flushed(space: Space): void;
}

/** An address space: its memory, and what executes code in it. One thread at a time runs in it. */
export interface Space {
  readonly memory: GuestMemory;
  /** The integer registers of the thread that runs in it. */
  readonly registers: Registers;
  readonly sites: Sites<Deliver>;
  readonly engine: Engine;
  readonly fuel: Fuel;
  /** Translates what has become hot. */
  compile(): void;
  /** Throws all translated code away. Not while it runs. */
  flush(): void;
  /** Has it thrown away before the next block. */
  markStale(): void;
}

/** Makes an empty address space. */
export function createSpace(host: SpaceHost, options: TranslationOptions): Space {
  const { extensions, threshold, mostBytes, observe } = options;
  const memory = createGuestMemory({ host: host.memoryHost });
  const fuel = createFuel(memory);
  const sites = createSites<Deliver>();
  const flushed = (): void => {
    translator.flush();
    sites.clear();
    host.flushed(space);
  };
  const dropped = (blocks: ReadonlySet<CachedBlock>): void => translator.drop(blocks);
  const cache = createCodeCache(memory, host.planner, flushed, {
    extensions,
    countdown: threshold,
    dropped,
  });
  const codeChanged = (address: number, length: number): void => {
    cache.markRangeStale(address, length);
    engine.interrupt();
  };
  memory.onCodeWrite = codeChanged;
  memory.onMappingChange = codeChanged;

  const regionHost: RegionHost = { event: (site) => sites.get(site)(), drain: host.drain };
  const engine = createEngine(memory, cache, fuel, {
    ...regionHost,
    hot: (block) => translator.hot(block),
    counter: host.counter,
    syscall: host.syscall,
    exception: host.exception,
    callbackThrew: host.callbackThrew,
  });
  const linker = createLinker(memory.wasm, engine.interpreter, regionHost);
  const translator = createTranslator(memory, cache, linker, threshold, mostBytes, () => fuel.used, observe);
  const space: Space = {
    memory,
    registers: {
      u32: new Uint32Array(memory.wasm.buffer, X_REGISTERS, 64),
      i32: new Int32Array(memory.wasm.buffer, X_REGISTERS, 64),
    },
    sites,
    engine,
    fuel,
    compile: () => translator.compile(),
    flush: () => cache.flush(),
    markStale() {
      cache.markStale();
      engine.interrupt();
    },
  };
  return space;
}
