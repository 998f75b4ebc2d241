import { HOLDS } from "../holds.js";
import { type Attachment, ENTRIES, keyOf, type Seen, selects } from "./attachment.js";
import type { Event } from "./reference.js";

/** What consumers must have seen, worked out from the events of a run without any of them. */
export interface Expected {
  readonly seen: readonly Seen[];
  /** Direct, conditional and Rx events of all consumers, in order. */
  readonly log: readonly string[];
  /** The scoreboard's entries in the end. */
  readonly entries: readonly bigint[];
}

/**
 * Walks through the events. What is attached in a block takes part from the next block on; what is detached is not called
 * any more, at once, while its inline operations go on to the end of the block.
 */
export function expectedOf(events: readonly Event[], attachments: readonly Attachment[]): Expected {
  const seen = attachments.map((): Seen => ({ events: [], count: 0, table: new Map() }));
  const entries: bigint[] = Array(ENTRIES).fill(0n);
  const log: string[] = [];
  const attached: number[] = [];
  const detached = new Set<number>();
  let translated: readonly number[] = [];
  let insns = 0;

  function change(moment: number): void {
    attachments.forEach(({ from, until }, id) => {
      if (from === moment) attached.push(id);
      if (until === moment) detached.add(id);
    });
  }

  function tell(id: number, { kind, site, columns }: Event): void {
    const attachment = attachments[id];
    const to = seen[id];
    if (attachment === undefined || to === undefined) return;
    if (attachment.kind !== kind || !selects(attachment.selection, site)) return;
    const { lane } = attachment;
    if (lane.lane === "inline") {
      const old = lane.operation === "add" ? (entries[lane.entry] ?? 0n) : 0n;
      entries[lane.entry] = BigInt.asUintN(64, old + BigInt(lane.value));
      return;
    }
    if (detached.has(id)) return;
    if (lane.lane === "when" && !HOLDS[lane.condition](entries[lane.entry] ?? 0n, BigInt(lane.value))) return;
    const text = columns.join(" ");
    switch (lane.lane) {
      case "count":
        to.count++;
        break;
      case "countBy": {
        const key = keyOf(site, lane.keys);
        to.table.set(key, (to.table.get(key) ?? 0) + 1);
        break;
      }
      case "batch":
        to.events.push(text);
        break;
      default:
        to.events.push(text);
        log.push(`${id}: ${text}`);
    }
  }

  change(0);
  for (const event of events) {
    if (event.kind === "block") translated = attached.filter((id) => !detached.has(id));
    if (event.kind === "instruction") {
      insns++;
      change(insns);
    }
    for (const id of translated) tell(id, event);
  }
  return { seen, log, entries };
}
