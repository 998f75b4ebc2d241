import type { Consumer } from "@qpp/core";
import type { Cpu } from "../contract/cpu.js";
import type { VcpuEvents } from "../contract/life.js";
import { createHostEvents, type HostEvents, HostLane, type HostTools } from "../instrument/host-lanes.js";

type Life = "initialized" | "exited" | "idled" | "resumed";

/** The lives of all vCPUs. */
export interface Vcpus {
  /** Tells what happened to a vCPU. */
  tell(what: Life, cpu: Cpu): void;
  /** The events, for one consumer. */
  events(consumer: Consumer): VcpuEvents;
}

/** Makes the events of vCPUs; `alive` gives those that are. */
export function createVcpus(tools: HostTools, alive: () => readonly Cpu[]): Vcpus {
  const events: Readonly<Record<Life, HostEvents<Cpu, Cpu>>> = {
    initialized: createHostEvents(),
    exited: createHostEvents(),
    idled: createHostEvents(),
    resumed: createHostEvents(),
  };
  return {
    tell: (what, cpu) => events[what].emit(cpu, cpu),
    events(consumer) {
      const lane = (what: Life): HostLane<Cpu, Cpu> =>
        new HostLane(`machine.vcpus.${what}`, events[what], tools, consumer, () => true);
      return {
        get count() {
          return tools.cells.vcpus;
        },
        get list() {
          return alive();
        },
        initialized: lane("initialized"),
        exited: lane("exited"),
        idled: lane("idled"),
        resumed: lane("resumed"),
      };
    },
  };
}
