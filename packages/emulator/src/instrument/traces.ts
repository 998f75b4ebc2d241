import type { Consumer } from "@qpp/core";
import type { TraceBatch, TraceSelection, Traces } from "../contract/traces.js";
import { batchCapacity } from "./batch-capacity.js";
import { type BatchFormat, type BatchRecords, createFeeds } from "./feeds.js";
import { callGuarded, type Listening, ownedSubscription } from "./listening.js";
import type { Kinds } from "./planner.js";
import type { Rings } from "./rings.js";
import type { LaneTools } from "./translated-lanes.js";

const MOST_TAG = 0xffff_ffff;

/** The name of the lane, for wiring and faults. */
export const TRACES = "machine.traces";

/** @returns the tag @throws RangeError for what is none */
export function checkedTag(tag: number | undefined): number | undefined {
  if (tag === undefined || (Number.isInteger(tag) && tag >= 0 && tag <= MOST_TAG)) return tag;
  throw new RangeError(`a tag is a whole number from 0 to ${MOST_TAG}; got ${tag}`);
}

/** Tags are recorded as they are: there is nothing to look up, and nothing to forget. */
function traceBatches(vcpu: () => number): BatchFormat<number, TraceBatch> {
  return {
    columns: 2,
    values: () => "none",
    create([tag = new Uint32Array(0), address = new Uint32Array(0)]): BatchRecords<number, TraceBatch> {
      const batch = {
        length: 0,
        tag,
        address,
        /** That of all its events: batches are handed over before another vCPU runs. */
        get vcpu(): number {
          return vcpu();
        },
      };
      return {
        number: (of) => of,
        clear() {},
        batch(length) {
          batch.length = length;
          return batch;
        },
      };
    },
  };
}

/** Traces, for each consumer: events of all kinds in one ring. */
export function createTraces(tools: LaneTools & { readonly rings: Rings }): (consumer: Consumer) => Traces {
  const { attachments, running } = tools;
  const feeds = createFeeds(
    tools.rings,
    traceBatches(() => running.cpu.index),
  );
  return (owner) => ({
    batch(selection, consumer, options = {}) {
      const consuming = listening(owner, "batch consumer");
      const selecting = listening(owner, "selection");
      const seat = feeds.own(batchCapacity(options)).join((batch) => {
        if (!owner.gone) callGuarded(running, consuming, () => consumer(batch));
      });
      const attach = <K extends keyof Kinds>(
        kind: K,
        tagOf: ((site: Kinds[K]) => number | undefined) | undefined,
      ): (() => void) => {
        if (tagOf === undefined) return () => {};
        return attachments.attach(kind, (site) =>
          callGuarded(running, selecting, () => {
            const tag = selecting.live ? checkedTag(tagOf(site)) : undefined;
            return tag === undefined ? undefined : seat.probe(tag);
          }),
        );
      };
      const off = attachAll(selection, attach);
      return ownedSubscription(owner, { to: TRACES, lane: "batch" }, () => {
        selecting.live = false;
        for (const each of off) each();
        seat.leave();
      });
    },
  });
}

function attachAll(
  { block, instruction, access }: TraceSelection,
  attach: <K extends keyof Kinds>(
    kind: K,
    tagOf: ((site: Kinds[K]) => number | undefined) | undefined,
  ) => () => void,
): readonly (() => void)[] {
  return [attach("block", block), attach("instruction", instruction), attach("access", access)];
}

function listening(consumer: Consumer, what: string): Listening {
  return { consumer, where: `${what} of ${TRACES}`, registers: "none", live: true };
}
