import type { Consumer } from "@qpp/core";
import type { BlockExecution, InstructionExecution } from "../contract/blocks.js";
import type { Cpu } from "../contract/cpu.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { MemoryAccessEvent } from "../contract/memory.js";
import type { Traces } from "../contract/traces.js";
import { batchCapacity } from "../instrument/batch-capacity.js";
import type { HostEvents, HostTools } from "../instrument/host-lanes.js";
import { callGuarded, type Listening, ownedSubscription } from "../instrument/listening.js";
import { checkedTag, TRACES } from "../instrument/traces.js";
import { once } from "./lanes.js";

/** The events that can be traced. */
export interface TraceableEvents {
  readonly blocks: HostEvents<BlockExecution, Block>;
  readonly instructions: HostEvents<InstructionExecution, Instruction>;
  readonly accesses: HostEvents<MemoryAccessEvent, AccessSite>;
}

/** Traces of a fake machine, for each consumer. */
export function createFakeTraces(
  events: TraceableEvents,
  { running }: HostTools,
  draining: Set<() => void>,
): (consumer: Consumer) => Traces {
  return (owner) => ({
    batch({ block, instruction, access }, consumer, options = {}) {
      const capacity = batchCapacity(options);
      const [tag, address] = [new Uint32Array(capacity), new Uint32Array(capacity)];
      const batch = { length: 0, vcpu: 0, tag, address };
      let filled = 0;
      const listening = (what: string): Listening => ({
        consumer: owner,
        where: `${what} of ${TRACES}`,
        registers: "none",
        live: true,
      });
      const [consuming, selecting] = [listening("batch consumer"), listening("selection")];
      const drain = (): void => {
        if (filled === 0 || owner.gone) return;
        batch.length = filled;
        filled = 0;
        callGuarded(running, consuming, () => consumer(batch));
      };
      const put = (cpu: Cpu, of: number, at: number): void => {
        // A batch is of one vCPU.
        if (cpu.index !== batch.vcpu) drain();
        batch.vcpu = cpu.index;
        tag[filled] = of;
        address[filled] = at;
        filled++;
        if (filled === capacity) drain();
      };
      const attach = <Event extends { readonly cpu: Cpu }, Site extends object>(
        to: HostEvents<Event, Site>,
        tagOf: ((site: Site) => number | undefined) | undefined,
        addressOf: (event: Event) => number,
      ): (() => void) => {
        if (tagOf === undefined) return () => {};
        const ask = once((site: Site) => callGuarded(running, selecting, () => checkedTag(tagOf(site))));
        return to.attach((event, site) => {
          const of = selecting.live ? ask(site) : undefined;
          if (of !== undefined) put(event.cpu, of, addressOf(event));
        });
      };
      const off = [
        attach(events.blocks, block, () => 0),
        attach(events.instructions, instruction, () => 0),
        attach(events.accesses, access, (event) => event.access.address),
      ];
      draining.add(drain);
      return ownedSubscription(owner, { to: TRACES, lane: "batch" }, () => {
        selecting.live = false;
        for (const each of off) each();
        draining.delete(drain);
        drain();
      });
    },
  });
}
