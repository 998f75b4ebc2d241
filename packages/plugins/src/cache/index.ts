import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { hex } from "../text.js";
import { cacheArguments, geometries } from "./arguments.js";
import { type CoreCounts, cache, type MissKind } from "./contract.js";
import { createSimulation } from "./simulation.js";
import { createSites } from "./sites.js";
import { coreTable, missList } from "./table.js";

/** Simulates first-level caches and a second level: QEMU's `cache` plugin. */
export default plugin(cache, {
  description: "Simulates caches: accesses, misses, and the instructions that miss most",
  requires: { machine },
  args: cacheArguments,
  install({ machine, args, report, summary }) {
    const sites = createSites();
    const caches = geometries(args);
    const simulation = createSimulation(
      { ...caches, policy: args.evict, cores: args.cores },
      sites,
      machine.process().pid,
    );
    machine.traces.batch(simulation.selection, simulation.take);
    machine.processChanged.register((now) => simulation.enter(now.pid));
    machine.processEnded.register(({ pid }) => simulation.forget(pid));
    const fetches = machine.instructions.executed.count();
    const accesses = machine.memory.accessed.count();

    /** Of all vCPUs that are on this core. */
    const ofCore = (counter: typeof fetches, core: number): number => {
      let sum = 0;
      for (let vcpu = core; vcpu < machine.vcpus.count; vcpu += args.cores) sum += counter.ofVcpu(vcpu);
      return sum;
    };
    const cores = (): readonly CoreCounts[] =>
      simulation.misses.map((misses, core) => ({
        core,
        data: { accesses: ofCore(accesses, core), misses: misses.data },
        fetch: { accesses: ofCore(fetches, core), misses: misses.fetch },
        l2: caches.l2 && { accesses: misses.l2Accesses, misses: misses.l2 },
      }));
    const kinds: readonly MissKind[] = caches.l2 === undefined ? ["data", "fetch"] : ["data", "fetch", "l2"];
    const worst = (kind: MissKind) => sites.missing(kind, args.limit);

    report(() => ({
      cores: cores().map(({ l2, ...first }) => ({ ...first, l2: l2 ?? null })),
      missing: Object.fromEntries(
        kinds.map((kind) => [
          kind,
          worst(kind).map(({ pc, symbol, ...rest }) => ({ pc: hex(pc), symbol: symbol ?? null, ...rest })),
        ]),
      ),
    }));
    summary(() =>
      [coreTable(cores()), ...kinds.map((kind) => missList(kind === "l2" ? "L2" : kind, worst(kind)))].join(
        "\n\n",
      ),
    );
    return { cores, missing: (kind, limit) => sites.missing(kind, limit) };
  },
});
