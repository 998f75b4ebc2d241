import type { Container } from "@qpp/core";
import type {
  AccessSite,
  Condition,
  Cpu,
  EventLanes,
  InlineOperation,
  machine as machineContract,
  ScoreboardEntry,
} from "@qpp/emulator/contract";
import * as fc from "fast-check";
import { CONDITIONS } from "../machine/holds.js";

/** The machine's interface, as a plugin sees it. */
type Machine = ReturnType<typeof importsOf>;
const importsOf = (container: Container, contract: typeof machineContract) => container.use(contract);

/** Which events: those at some pcs, and of those the ones whose site has, or lacks, a property. */
interface Selection {
  readonly modulus: number;
  readonly remainder: number;
  readonly flag: boolean | undefined;
}

type Lane =
  /** `look`: registers that are read in the callback. */
  | { readonly lane: "direct" | "rx"; readonly look: readonly number[] }
  | { readonly lane: "count" }
  | { readonly lane: "countBy"; readonly keys: number }
  | { readonly lane: "batch"; readonly capacity: number }
  | {
      readonly lane: "inline";
      readonly operation: InlineOperation;
      readonly entry: number;
      readonly value: number;
    }
  | { readonly lane: "when"; readonly condition: Condition; readonly entry: number; readonly value: number };

/** Something attached from one moment until another. A moment is a slice's end, or an event of the first consumer. */
interface Consumer {
  readonly kind: "block" | "instruction" | "access";
  readonly selection: Selection;
  readonly lane: Lane;
  readonly from: number;
  readonly until: number;
}

/** Consumers that come and go, and what makes them do so. */
export interface Plan {
  /** Counted by slices, or by the events of an instruction callback with this selection. */
  readonly moments: "slices" | Selection;
  readonly consumers: readonly Consumer[];
  /** Whether system calls and signals are watched as well. */
  readonly kernel: boolean;
}

/** Consumers, ready for a machine. */
export interface Consumers {
  attach(machine: Machine): Watching;
}

/** Consumers on a machine. */
interface Watching {
  /** Before the first slice, and after each. */
  atSlice(slice: number): void;
  /** All that was seen: first what came in order, over all consumers; then each consumer's own. */
  seen(): readonly (readonly number[])[];
}

const ENTRIES = 3;

const selection: fc.Arbitrary<Selection> = fc
  .record({
    modulus: fc.integer({ min: 1, max: 6 }),
    remainder: fc.nat(5),
    flag: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map((s) => ({ ...s, remainder: s.remainder % s.modulus }));

const entry = fc.nat(ENTRIES - 1);
const look = fc.array(fc.integer({ min: 1, max: 31 }), { maxLength: 3 });

const lane: fc.Arbitrary<Lane> = fc.oneof(
  fc.record({ lane: fc.constantFrom("direct", "rx"), look }),
  fc.record({ lane: fc.constant("count") }),
  fc.record({ lane: fc.constant("countBy"), keys: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    lane: fc.constant("batch"),
    capacity: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(64, 1000, 8192)),
  }),
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
    value: fc.nat(20),
  }),
);

/** From and until a moment. Most are there from the start, most to the end. */
const life = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(40) }),
    fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 2, arbitrary: fc.nat(60) }),
  )
  .map(([from, length]) => ({ from, until: length < 0 ? Number.MAX_SAFE_INTEGER : from + 1 + length }));

/** Random consumers. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  moments: fc.oneof(fc.constant<"slices">("slices"), selection),
  consumers: fc.array(
    fc
      .tuple(fc.constantFrom("block", "instruction", "access"), selection, lane, life)
      .map(([kind, selected, on, lived]): Consumer => ({ kind, selection: selected, lane: on, ...lived })),
    { minLength: 1, maxLength: 6 },
  ),
  kernel: fc.boolean(),
});

interface Site {
  readonly pc: number;
}

const atPc = ({ modulus, remainder }: Selection, { pc }: Site): boolean => (pc >>> 1) % modulus === remainder;
const having = ({ flag }: Selection, has: boolean): boolean => flag === undefined || flag === has;

/** What is known of an access in numbers. */
const infoOf = ({ bytes, isSigned, isStore, isAtomic }: AccessSite): number =>
  bytes + (isSigned ? 16 : 0) + (isStore ? 32 : 0) + (isAtomic ? 64 : 0);

interface Kind<Args extends readonly unknown[], E, B extends { readonly length: number }, S extends Site> {
  readonly lanes: EventLanes<Args, E, B, S>;
  readonly ofArgs: (...args: Args) => { readonly cpu: Cpu; readonly columns: readonly number[] };
  readonly ofEvent: (event: E) => { readonly cpu: Cpu; readonly columns: readonly number[] };
  readonly ofBatch: (batch: B, i: number) => readonly number[];
}

interface Attached {
  readonly detach: () => void;
  /** Numbers that are this consumer's own. */
  readonly own: () => readonly number[];
}

const NAMES =
  "ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split(" ");

function attachTo<Args extends readonly unknown[], E, B extends { readonly length: number }, S extends Site>(
  { lanes, ofArgs, ofEvent, ofBatch }: Kind<Args, E, B, S>,
  { lane: on }: Consumer,
  id: number,
  entries: readonly ScoreboardEntry[],
  log: number[],
): Attached {
  const entryOf = (index: number): ScoreboardEntry => {
    const found = entries[index];
    if (found === undefined) throw new Error(`no entry ${index}`);
    return found;
  };
  const put = (
    at: { readonly cpu: Cpu; readonly columns: readonly number[] },
    looked: readonly number[],
  ): void => {
    log.push(id, at.cpu.pc, at.cpu.executed, ...at.columns);
    for (const register of looked) log.push(at.cpu.registers.readNumber(NAMES[register - 1] ?? "ra"));
  };
  const subscribed = (subscription: { unsubscribe(): void }): Attached => ({
    detach: () => subscription.unsubscribe(),
    own: () => [],
  });
  switch (on.lane) {
    case "direct":
      return subscribed(lanes.register((...args) => put(ofArgs(...args), on.look)));
    case "rx":
      return subscribed(lanes.subscribe((event) => put(ofEvent(event), on.look)));
    case "when":
      return subscribed(
        lanes.when(entryOf(on.entry), on.condition, on.value).register((...args) => put(ofArgs(...args), [])),
      );
    case "inline":
      return subscribed(lanes.inline(on.operation, entryOf(on.entry), on.value));
    case "batch": {
      const events: number[] = [];
      const subscription = lanes.batch(
        (batch) => {
          for (let i = 0; i < batch.length; i++) events.push(...ofBatch(batch, i));
        },
        { capacity: on.capacity },
      );
      return { detach: () => subscription.unsubscribe(), own: () => events };
    }
    case "count": {
      const counter = lanes.count();
      return { detach: counter.detach, own: () => [counter.value] };
    }
    case "countBy": {
      const table = lanes.countBy((site) => (site.pc >>> 2) % on.keys);
      return {
        detach: table.detach,
        own: () => [...table.entries()].sort(([a], [b]) => a - b).flat(),
      };
    }
  }
}

function attach(
  m: Machine,
  consumer: Consumer,
  id: number,
  entries: readonly ScoreboardEntry[],
  log: number[],
): Attached {
  const { selection: s } = consumer;
  switch (consumer.kind) {
    case "block":
      return attachTo(
        {
          lanes: m.blocks.where((b) => atPc(s, b)).where((b) => having(s, b.instructions.length > 4))
            .executed,
          ofArgs: (cpu, b) => ({ cpu, columns: [b.pc, b.instructions.length] }),
          ofEvent: ({ cpu, block: b }) => ({ cpu, columns: [b.pc, b.instructions.length] }),
          ofBatch: (batch, i) => [batch.pc[i] ?? -1, batch.insns[i] ?? -1],
        },
        consumer,
        id,
        entries,
        log,
      );
    case "instruction":
      return attachTo(
        {
          lanes: m.instructions.where((i) => atPc(s, i)).where((i) => having(s, i.isLoad)).executed,
          ofArgs: (cpu, i) => ({ cpu, columns: [i.pc, i.data] }),
          ofEvent: ({ cpu, instruction: i }) => ({ cpu, columns: [i.pc, i.data] }),
          ofBatch: (batch, i) => [batch.pc[i] ?? -1, batch.instruction(i).data],
        },
        consumer,
        id,
        entries,
        log,
      );
    case "access":
      return attachTo(
        {
          lanes: m.memory.where((a) => atPc(s, a)).where((a) => having(s, a.isStore)).accessed,
          ofArgs: (cpu, a) => ({ cpu, columns: [a.address, a.valueLow, a.valueHigh, infoOf(a.site)] }),
          ofEvent: ({ cpu, access: a }) => ({
            cpu,
            columns: [a.address, a.valueLow, a.valueHigh, infoOf(a.site)],
          }),
          ofBatch: (batch, i) => [
            batch.pc[i] ?? -1,
            batch.address[i] ?? -1,
            batch.valueLow[i] ?? -1,
            batch.valueHigh[i] ?? -1,
            batch.info[i] ?? -1,
          ],
        },
        consumer,
        id,
        entries,
        log,
      );
  }
}

const SIGNALS = ["SIGSEGV", "SIGILL", "SIGBUS", "SIGTRAP"];

function watchKernel(m: Machine, log: number[]): void {
  m.syscalls.entered.register(({ cpu, pc, number, args }) => log.push(-1, cpu.executed, pc, number, ...args));
  m.syscalls.returned.register(({ cpu, pc, result }) => log.push(-2, cpu.executed, pc, result));
  m.discontinuities.register(({ cpu, from, to, signal }) =>
    log.push(-3, cpu.executed, from, to ?? -1, SIGNALS.indexOf(signal ?? "")),
  );
}

/** Makes consumers as planned. */
export function createConsumers({ moments, consumers, kernel }: Plan): Consumers {
  return {
    attach(machine) {
      const log: number[] = [];
      const board = machine.scoreboards.create(ENTRIES);
      const entries = Array.from({ length: ENTRIES }, (_, i) => board.entry(i));
      const attached: (Attached | undefined)[] = consumers.map(() => undefined);
      const change = (moment: number): void => {
        for (const [id, consumer] of consumers.entries()) {
          if (consumer.from === moment) attached[id] = attach(machine, consumer, id, entries, log);
          if (consumer.until === moment) attached[id]?.detach();
        }
        // Counters are exact whenever a plugin's code runs.
        for (const each of attached)
          if (each !== undefined && each.own().length === 1) log.push(...each.own());
        log.push(...entries.map((each) => each.get(0)));
      };
      if (kernel) watchKernel(machine, log);
      let moment = 0;
      if (moments !== "slices") {
        machine.instructions
          .where((i) => atPc(moments, i) && having(moments, i.isLoad))
          .executed.register(() => {
            moment++;
            if (moment <= 100) change(moment);
          });
      }
      return {
        atSlice(slice) {
          if (slice === 0 || moments === "slices") change(slice);
        },
        seen: () => [log, ...attached.map((each) => each?.own() ?? []), [...board.of(0)].map(Number)],
      };
    },
  };
}
