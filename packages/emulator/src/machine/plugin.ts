import { type OwnedCallbacks, type Plugin, perConsumer, plugin } from "@qpp/core";
import type { GuestExit, GuestProcess } from "../contract/life.js";
import type { Mapping } from "../contract/mapping.js";
import { type MachineCallbacks, machine } from "../contract.js";
import { createScoreboard } from "../instrument/scoreboard.js";
import { createTraces } from "../instrument/traces.js";
import type { Program } from "../linux/load.js";
import type { OwnableClock } from "./clock.js";
import {
  createBlockEvents,
  createInstructionEvents,
  createMemoryEvents,
  type SourceTools,
} from "./sources.js";
import type { Syscalls } from "./syscalls.js";
import type { Vcpus } from "./vcpus.js";

/** What the plugin is a face of. */
export interface PluginParts {
  readonly path: string;
  readonly args: readonly string[];
  /** The first program. */
  readonly program: Program;
  /** The process that is running. */
  readonly process: () => GuestProcess;
  /** What is mapped in it. */
  readonly mappings: () => readonly Mapping[];
  /** Instructions executed so far. */
  readonly executed: () => number;
  readonly tools: SourceTools;
  readonly syscalls: Syscalls;
  readonly clock: OwnableClock;
  readonly vcpus: Vcpus;
  /** Has all blocks translated anew. */
  readonly flush: () => void;
  /** Ends the guest at the next block. */
  readonly end: (how: GuestExit) => void;
}

/** The callbacks of the machine's contract, once it is installed. */
export interface Outlet {
  callbacks?: OwnedCallbacks<MachineCallbacks>;
}

/** Makes the plugin named "machine"; installing it connects `outlet`. */
export function createMachinePlugin(parts: PluginParts, outlet: Outlet): Plugin {
  const { tools, syscalls, clock, vcpus, end } = parts;
  const { startCode, endCode, entry, symbols } = parts.program;
  return plugin(machine, {
    description: "the guest's machine: RV64GC, Linux user mode",
    install({ callbacks, onDispose }) {
      outlet.callbacks = callbacks;
      onDispose(() => end({ code: 125, signal: undefined, stopped: "machine uninstalled" }));
      return {
        process: parts.process,
        mappings: parts.mappings,
        executed: parts.executed,
        stop: (code: number, reason: string) => end({ code, signal: undefined, stopped: reason }),
        flush: parts.flush,
        blocks: perConsumer(createBlockEvents(tools)),
        instructions: perConsumer(createInstructionEvents(tools)),
        memory: perConsumer(createMemoryEvents(tools)),
        traces: perConsumer(createTraces(tools)),
        syscalls: perConsumer((consumer) => syscalls.events(consumer)),
        vcpus: perConsumer((consumer) => vcpus.events(consumer)),
        clock: perConsumer((consumer) => clock.for(consumer)),
        scoreboards: perConsumer((consumer) => ({
          create(size: number) {
            const scoreboard = createScoreboard(tools.cells, size);
            consumer.add(scoreboard.free);
            return scoreboard;
          },
        })),
        program: {
          path: parts.path,
          args: parts.args,
          startCode,
          endCode,
          entry,
          symbolAt: symbols.symbolAt,
        },
      };
    },
  });
}
