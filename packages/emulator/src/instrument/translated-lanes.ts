import { AttributedObservable, type Consumer } from "@qpp/core";
import type { Subscription } from "rxjs";
import type { Cpu, RegisterAccess } from "../contract/cpu.js";
import type {
  BatchOptions,
  Condition,
  ConditionalLane,
  Counter,
  CounterTable,
  DirectOptions,
  EventLanes,
  InlineOperation,
} from "../contract/lanes.js";
import type { ScoreboardEntry } from "../contract/scoreboard.js";
import type { Probe } from "../interpreter/plan.js";
import { batchCapacity } from "./batch-capacity.js";
import type { Cells } from "./cells.js";
import { cellCounter, cellTable, ownedCounter } from "./counters.js";
import { deliverTo, deliverToPcSetter } from "./deliver.js";
import type { Feeds } from "./feeds.js";
import {
  callGuarded,
  type Lane,
  type Listening,
  ownedSubscription,
  type RunningVcpu,
  untilEnd,
} from "./listening.js";
import type { Attachments, Kinds } from "./planner.js";
import { cellOf } from "./scoreboard.js";

type Listener<Told> = (cpu: Cpu, told: Told) => void;

/** What all lanes of a machine work with. */
export interface LaneTools {
  readonly attachments: Attachments;
  readonly cells: Cells;
  readonly running: RunningVcpu;
  /** Closes when the guest has ended. */
  readonly end: Subscription;
}

/** What the lanes of one kind of event differ in. */
export interface LaneSpec<K extends keyof Kinds, Told, Event, Batch> {
  readonly kind: K;
  /** As in `machine.blocks.executed`. */
  readonly name: string;
  /** What listeners are told of events at this site: the same object each time. */
  told(site: Kinds[K]): Told;
  /** Makes the event that is happening at this site. */
  event(site: Kinds[K]): Event;
  readonly feeds: Feeds<Kinds[K], Batch>;
}

/** Events in translated code: what is attached becomes probes in the blocks that are translated from then on. */
export class TranslatedLanes<K extends keyof Kinds, Told, Event, Batch>
  extends AttributedObservable<Event>
  implements EventLanes<[cpu: Cpu, told: Told], Event, Batch, Kinds[K]>
{
  readonly #spec: LaneSpec<K, Told, Event, Batch>;
  readonly #tools: LaneTools;
  readonly #consumer: Consumer;
  /** Undefined if all are. */
  readonly #selected: ((site: Kinds[K]) => boolean) | undefined;

  constructor(
    spec: LaneSpec<K, Told, Event, Batch>,
    tools: LaneTools,
    consumer: Consumer,
    selected: ((site: Kinds[K]) => boolean) | undefined,
  ) {
    super(
      (subscriber) =>
        untilEnd(
          tools.end,
          subscriber,
          this.#attachCalls(
            (_cpu, site: Kinds[K]) => subscriber.next(spec.event(site)),
            (site) => site,
            "rx",
            this.#listening("read", "stream"),
            undefined,
          ),
        ),
      { consumer, where: `stream of ${spec.name}`, callback: spec.name },
    );
    this.#spec = spec;
    this.#tools = tools;
    this.#consumer = consumer;
    this.#selected = selected;
  }

  count(): Counter {
    const { cells } = this.#tools;
    const cell = cells.allocate(1);
    const subscription = this.#attach("inline", () => ({ kind: "count", cell }));
    return ownedCounter(
      this.#consumer,
      cellCounter(cells, cell, () => subscription.unsubscribe()),
    );
  }

  countBy<Key>(key: (site: Kinds[K]) => Key): CounterTable<Key> {
    const table = cellTable<Key>(this.#tools.cells, () => subscription.unsubscribe());
    const subscription = this.#attach("inline", (site) => ({ kind: "count", cell: table.cellOf(key(site)) }));
    return ownedCounter(this.#consumer, table.table);
  }

  inline(operation: InlineOperation, entry: ScoreboardEntry, value: number): Subscription {
    const cell = cellOf(entry);
    const added = BigInt(value);
    return this.#attach("inline", () => ({ kind: operation, cell, value: added }));
  }

  batch(consumer: (batch: Batch) => void, options: BatchOptions = {}): Subscription {
    const { running } = this.#tools;
    const { feeds } = this.#spec;
    const listening = this.#listening("none", "batch consumer");
    const capacity = batchCapacity(options);
    const feed = this.#selected === undefined ? feeds.shared(capacity) : feeds.own(capacity);
    const seat = feed.join((batch) => {
      if (!this.#consumer.gone) callGuarded(running, listening, () => consumer(batch));
    });
    return this.#attach("batch", seat.probe, seat.leave);
  }

  register(listener: Listener<Told>, options: DirectOptions = {}): Subscription {
    return this.#attachCalls(
      listener,
      this.#spec.told,
      "direct",
      this.#listening(options.registers ?? "read", "listener"),
      undefined,
    );
  }

  when(entry: ScoreboardEntry, condition: Condition, value: number): ConditionalLane<[cpu: Cpu, told: Told]> {
    const test = { cell: cellOf(entry), condition, value: BigInt.asUintN(64, BigInt(value)) };
    return {
      register: (listener, options = {}) =>
        this.#attachCalls(
          listener,
          this.#spec.told,
          "direct",
          this.#listening(options.registers ?? "read", "conditional listener"),
          test,
        ),
    };
  }

  #listening(registers: RegisterAccess, what: string): Listening {
    return { consumer: this.#consumer, where: `${what} of ${this.#spec.name}`, registers, live: true };
  }

  #attachCalls<T>(
    listener: Listener<T>,
    told: (site: Kinds[K]) => T,
    lane: Lane,
    listening: Listening,
    test: { readonly cell: number; readonly condition: Condition; readonly value: bigint } | undefined,
  ): Subscription {
    const { running } = this.#tools;
    const writes = listening.registers === "write" || listening.registers === "write-pc";
    const deliver = listening.registers === "write-pc" ? deliverToPcSetter<T> : deliverTo<T>;
    return this.#attach(
      lane,
      (site): Probe | undefined => {
        if (test?.condition === "never") return undefined;
        const number = running.space.sites.add(deliver(running, listening, listener, told(site)));
        if (test === undefined || test.condition === "always") return { kind: "call", site: number, writes };
        return {
          kind: "call-if",
          condition: test.condition,
          cell: test.cell,
          value: test.value,
          site: number,
          writes,
        };
      },
      () => {
        listening.live = false;
      },
    );
  }

  /** Attaches where the selection holds; selections and keys are the plugin's code, and so are their faults. */
  #attach(
    lane: Lane,
    probe: (site: Kinds[K]) => Probe | undefined,
    detached: () => void = () => {},
  ): Subscription {
    const { attachments, running } = this.#tools;
    const selecting = this.#listening("none", "selection");
    const off = attachments.attach(this.#spec.kind, (site) =>
      callGuarded(running, selecting, () =>
        selecting.live && (this.#selected?.(site) ?? true) ? probe(site) : undefined,
      ),
    );
    return ownedSubscription(this.#consumer, { to: this.#spec.name, lane }, () => {
      selecting.live = false;
      off();
      detached();
    });
  }
}
