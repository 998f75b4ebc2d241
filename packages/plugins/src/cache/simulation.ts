import type { TraceBatch, TraceSelection } from "@qpp/emulator/contract";
import { blockShift, type Geometry } from "./geometry.js";
import { type BlockCache, createBlockCache, type Policy } from "./policies.js";
import type { Sites } from "./sites.js";

/** What is simulated. */
export interface Configuration {
  readonly data: Geometry;
  readonly fetch: Geometry;
  /** Undefined for none. */
  readonly l2: Geometry | undefined;
  readonly policy: Policy;
  /** vCPUs are spread over so many cores. */
  readonly cores: number;
}

/** What missed in the caches of one core, over all processes. */
export interface CoreMisses {
  data: number;
  fetch: number;
  /** Accesses to the second level: the misses of the first. */
  l2Accesses: number;
  l2: number;
}

/** Caches of one core. */
interface Core {
  readonly data: BlockCache;
  readonly fetch: BlockCache;
  readonly l2: BlockCache | undefined;
  readonly misses: CoreMisses;
}

/** Simulates caches from a trace of the guest. */
export interface Simulation {
  /**
   * What has to be traced: accesses, and each instruction that is the first of its block of code or of its cache block. Those
   * that follow in the same cache block find it as that one left it: they hit, and change nothing.
   */
  readonly selection: TraceSelection;
  take(batch: TraceBatch): void;
  /** From now on, this process is running. Each has caches of its own, as if it had the machine for itself. */
  enter(pid: number): void;
  /** This process is gone. */
  forget(pid: number): void;
  /** By number of the core. */
  readonly misses: readonly CoreMisses[];
}

/** In the lowest bit of a tag, under the number of the instruction. */
const FETCH = 1;

/** Makes a simulation with empty caches. */
export function createSimulation(of: Configuration, sites: Sites, pid: number): Simulation {
  const misses = Array.from(
    { length: of.cores },
    (): CoreMisses => ({ data: 0, fetch: 0, l2Accesses: 0, l2: 0 }),
  );
  const [dataShift, fetchShift] = [blockShift(of.data), blockShift(of.fetch)];
  const l2Shift = of.l2 === undefined ? 0 : blockShift(of.l2);
  const processes = new Map<number, readonly Core[]>();
  let cores = coresOf(pid);

  function coresOf(process: number): readonly Core[] {
    const known = processes.get(process);
    if (known !== undefined) return known;
    const made = misses.map(
      (core): Core => ({
        data: createBlockCache(of.policy, of.data),
        fetch: createBlockCache(of.policy, of.fetch),
        l2: of.l2 && createBlockCache(of.policy, of.l2),
        misses: core,
      }),
    );
    processes.set(process, made);
    return made;
  }

  function miss(core: Core, kind: "data" | "fetch", address: number, site: number): void {
    core.misses[kind]++;
    increment(sites.misses[kind], site);
    const { l2 } = core;
    if (l2 === undefined) return;
    core.misses.l2Accesses++;
    if (l2.access(address >>> l2Shift)) return;
    core.misses.l2++;
    increment(sites.misses.l2, site);
  }

  /** Cache block of the instruction that was asked for last. */
  let previous = -1;

  return {
    misses,
    selection: {
      block() {
        previous = -1;
        return undefined;
      },
      instruction(instruction) {
        const block = instruction.pc >>> fetchShift;
        if (block === previous) return undefined;
        previous = block;
        return 2 * sites.numberOf(instruction) + FETCH;
      },
      access: ({ instruction }) => 2 * sites.numberOf(instruction),
    },
    take({ length, vcpu, tag, address }) {
      const core = cores[vcpu % of.cores];
      if (core === undefined) return;
      const { data, fetch } = core;
      const { pcs } = sites;
      // A fetch that repeats the one before it hits, and changes nothing.
      let last = -1;
      for (let i = 0; i < length; i++) {
        const what = tag[i] ?? 0;
        if ((what & FETCH) === 0) {
          const at = address[i] ?? 0;
          if (!data.access(at >>> dataShift)) miss(core, "data", at, what >>> 1);
        } else if (what !== last) {
          last = what;
          const pc = pcs[what >>> 1] ?? 0;
          if (!fetch.access(pc >>> fetchShift)) miss(core, "fetch", pc, what >>> 1);
        }
      }
    },
    enter(process) {
      cores = coresOf(process);
    },
    forget: (process) => void processes.delete(process),
  };
}

function increment(counts: Float64Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
