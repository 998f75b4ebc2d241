import type { Condition, EventLanes, InlineOperation, ScoreboardEntry } from "@qpp/emulator/contract";
import fc from "fast-check";
import type { Subscription } from "rxjs";
import { CONDITIONS } from "../holds.js";
import type { MachineImports } from "../rig.js";
import { type Event, infoOf, type Kind } from "./reference.js";

/** Which events: all, or those at some pcs, or those whose site has a property. */
export interface Selection {
  readonly modulus: number;
  readonly remainder: number;
  readonly flag: boolean | undefined;
}

/** A lane that something is attached to. */
export type Lane =
  | { readonly lane: "direct" | "rx" | "count" }
  | { readonly lane: "countBy"; readonly keys: number }
  | { readonly lane: "batch"; readonly capacity: number }
  | {
      readonly lane: "inline";
      readonly operation: InlineOperation;
      readonly entry: number;
      readonly value: number;
    }
  | { readonly lane: "when"; readonly condition: Condition; readonly entry: number; readonly value: number };

/** One consumer. `from` and `until` count instructions: it is attached and detached before these; 0 is before the run. */
export interface Attachment {
  readonly kind: Kind;
  readonly selection: Selection;
  readonly lane: Lane;
  readonly from: number;
  readonly until: number;
}

export const ENTRIES = 3;

/** Few different ones: consumers without a selection share what they can. */
const capacity = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom(64, 1000, 8192));
const entry = fc.integer({ min: 0, max: ENTRIES - 1 });
const lane: fc.Arbitrary<Lane> = fc.oneof(
  fc.record({ lane: fc.constantFrom("direct", "rx", "count") }),
  fc.record({ lane: fc.constant("countBy"), keys: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ lane: fc.constant("batch"), capacity }),
  fc.record({
    lane: fc.constant("inline"),
    operation: fc.constantFrom("add", "store"),
    entry,
    value: fc.integer({ min: -3, max: 20 }),
  }),
  fc.record({
    lane: fc.constant("when"),
    condition: fc.constantFrom(...CONDITIONS),
    entry,
    value: fc.integer({ min: 0, max: 20 }),
  }),
);

const selection: fc.Arbitrary<Selection> = fc.oneof(
  fc.constant({ modulus: 1, remainder: 0, flag: undefined }),
  fc
    .record({
      modulus: fc.integer({ min: 1, max: 4 }),
      remainder: fc.nat(3),
      flag: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map((s) => ({ ...s, remainder: s.remainder % s.modulus })),
);

/** Attachments that live from and until any of the first so many instructions, or for all of the run. */
export function attachments(moments: number): fc.Arbitrary<readonly Attachment[]> {
  const moment = fc.integer({ min: 1, max: Math.max(1, moments) });
  const life =
    moments === 0
      ? fc.constant([0, Number.POSITIVE_INFINITY] as const)
      : fc.oneof(
          fc.tuple(fc.constant(0), fc.constant(Number.POSITIVE_INFINITY)),
          fc.tuple(moment, fc.constant(Number.POSITIVE_INFINITY)),
          fc.tuple(fc.constant(0), moment),
          fc.tuple(moment, moment).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
        );
  return fc.array(
    fc
      .tuple(fc.constantFrom<Kind>("block", "instruction", "access"), selection, lane, life)
      .map(([kind, chosen, on, [from, until]]) => ({ kind, selection: chosen, lane: on, from, until })),
    { minLength: 1, maxLength: 12 },
  );
}

type Site = Event["site"];

const atPc = ({ modulus, remainder }: Selection, site: Site): boolean =>
  (site.pc >>> 1) % modulus === remainder;

function flagged({ flag }: Selection, site: Site): boolean {
  if (flag === undefined) return true;
  if ("instructions" in site) return site.instructions.length > 4 === flag;
  if ("isBigEndian" in site) return site.isStore === flag;
  return site.isLoad === flag;
}

/** Whether a selection holds for a site; consumers give the two halves of it to one `where` each. */
export const selects = (selection: Selection, site: Site): boolean =>
  atPc(selection, site) && flagged(selection, site);

export const keyOf = (site: Site, keys: number): string => `k${(site.pc >>> 2) % keys}`;

/** What a consumer saw, in a form that can be compared with the model's. */
export interface Seen {
  /** Each event, as columns; for counters only their number. */
  readonly events: string[];
  count: number;
  readonly table: Map<string, number>;
}

/** Something attached, and how to take it off. */
export interface Attached {
  readonly detach: () => void;
  /** Reads counters; call it at the end. */
  readonly seen: () => Seen;
}

interface Batchable {
  readonly length: number;
  readonly pc: Uint32Array;
}

interface Spec<Args extends readonly unknown[], E, B extends Batchable, S extends Site> {
  readonly lanes: EventLanes<Args, E, B, S>;
  readonly ofArgs: (...args: Args) => readonly number[];
  readonly ofEvent: (event: E) => readonly number[];
  readonly ofBatch: (batch: B, i: number) => readonly number[];
}

const text = (columns: readonly number[]): string => columns.join(" ");

/** Attaches to one kind of event; direct and Rx lanes also write into `log`, which all consumers share. */
function attachTo<Args extends readonly unknown[], E, B extends Batchable, S extends Site>(
  { lanes, ofArgs, ofEvent, ofBatch }: Spec<Args, E, B, S>,
  { lane }: Attachment,
  entries: readonly ScoreboardEntry[],
  id: number,
  log: string[],
): Attached {
  const seen: Seen = { events: [], count: 0, table: new Map() };
  const put = (columns: readonly number[]): void => {
    seen.events.push(text(columns));
    log.push(`${id}: ${text(columns)}`);
  };
  const made = (subscription: Subscription): Attached => ({
    detach: () => subscription.unsubscribe(),
    seen: () => seen,
  });
  const entryOf = (index: number): ScoreboardEntry => {
    const found = entries[index];
    if (found === undefined) throw new Error(`no entry ${index}`);
    return found;
  };
  switch (lane.lane) {
    case "direct":
      return made(lanes.register((...args) => put(ofArgs(...args))));
    case "rx":
      return made(lanes.subscribe((event) => put(ofEvent(event))));
    case "when":
      return made(
        lanes
          .when(entryOf(lane.entry), lane.condition, lane.value)
          .register((...args) => put(ofArgs(...args))),
      );
    case "inline":
      return made(lanes.inline(lane.operation, entryOf(lane.entry), lane.value));
    case "batch":
      return made(
        lanes.batch(
          (batch) => {
            if (batch.length < 1 || batch.length > lane.capacity)
              throw new Error(`a batch of ${batch.length}`);
            for (let i = 0; i < batch.length; i++) seen.events.push(text(ofBatch(batch, i)));
          },
          { capacity: lane.capacity },
        ),
      );
    case "count": {
      const counter = lanes.count();
      return { detach: counter.detach, seen: () => ({ ...seen, count: counter.value }) };
    }
    case "countBy": {
      const table = lanes.countBy((site) => keyOf(site, lane.keys));
      return { detach: table.detach, seen: () => ({ ...seen, table: new Map(table.entries()) }) };
    }
  }
}

/** Attaches a consumer to a machine. */
export function attach(
  m: MachineImports,
  attachment: Attachment,
  entries: readonly ScoreboardEntry[],
  id: number,
  log: string[],
): Attached {
  const { kind, selection: chosen } = attachment;
  const here = (site: Site): boolean => atPc(chosen, site);
  const such = (site: Site): boolean => flagged(chosen, site);
  const all = chosen.modulus === 1 && chosen.flag === undefined;
  switch (kind) {
    case "block":
      return attachTo(
        {
          lanes: (all ? m.blocks : m.blocks.where(here).where(such)).executed,
          ofArgs: (cpu, block) => [cpu.pc, block.instructions.length],
          ofEvent: ({ block }) => [block.pc, block.instructions.length],
          ofBatch: (batch, i) => [batch.pc[i] ?? -1, batch.insns[i] ?? -1],
        },
        attachment,
        entries,
        id,
        log,
      );
    case "instruction":
      return attachTo(
        {
          lanes: (all ? m.instructions : m.instructions.where(here).where(such)).executed,
          ofArgs: (cpu, insn) => [cpu.pc === insn.pc ? insn.pc : -1],
          ofEvent: ({ instruction }) => [instruction.pc],
          ofBatch: (batch, i) => [batch.pc[i] === batch.instruction(i).pc ? (batch.pc[i] ?? -1) : -1],
        },
        attachment,
        entries,
        id,
        log,
      );
    case "access":
      return attachTo(
        {
          lanes: (all ? m.memory : m.memory.where(here).where(such)).accessed,
          ofArgs: (cpu, a) => [a.address, cpu.pc, a.valueLow, a.valueHigh, infoOf(a.site)],
          ofEvent: ({ access: a }) => [a.address, a.site.pc, a.valueLow, a.valueHigh, infoOf(a.site)],
          ofBatch: (batch, i) => [
            batch.address[i] ?? -1,
            batch.pc[i] === batch.site(i).pc ? (batch.pc[i] ?? -1) : -1,
            batch.valueLow[i] ?? -1,
            batch.valueHigh[i] ?? -1,
            batch.info[i] ?? -1,
          ],
        },
        attachment,
        entries,
        id,
        log,
      );
  }
}
