import { AttributedObservable, type Consumer } from "@qpp/core";
import type { Subscription } from "rxjs";
import type {
  BatchOptions,
  Condition,
  ConditionalLane,
  Counter,
  CounterTable,
  DirectLane,
  DirectOptions,
  EventLanes,
  InlineOperation,
} from "../contract/lanes.js";
import type { ScoreboardEntry } from "../contract/scoreboard.js";
import { batchCapacity } from "./batch-capacity.js";
import type { Cells } from "./cells.js";
import { cellCounter, cellTable, ownedCounter } from "./counters.js";
import {
  callGuarded,
  type Lane,
  type Listening,
  ownedSubscription,
  type Running,
  untilEnd,
} from "./listening.js";
import { cellOf } from "./scoreboard.js";

/** An event that the machine's host code emits, such as a system call; not one of translated code. */
export interface HostEvents<Event, Site> {
  /** Tells everybody who is there at the beginning, in order of attachment. */
  emit(event: Event, site: Site): void;
  /** Has `call` called at each event; returns what takes it off. */
  attach(call: (event: Event, site: Site) => void): () => void;
}

/** Makes an event that nobody listens to yet. */
export function createHostEvents<Event, Site>(): HostEvents<Event, Site> {
  let calls: readonly ((event: Event, site: Site) => void)[] = [];
  return {
    emit(event, site) {
      for (const call of calls) call(event, site);
    },
    attach(call) {
      const entry: typeof call = (event, site) => call(event, site);
      calls = [...calls, entry];
      return () => {
        calls = calls.filter((c) => c !== entry);
      };
    },
  };
}

/** What host lanes work with. */
export interface HostTools {
  readonly running: Running;
  readonly cells: Cells;
  /** Closes when the guest has ended. */
  readonly end: Subscription;
  /** The vCPU that events happen on. */
  vcpu(): number;
}

/** The direct and the Rx lane of a host event. The event object is made for each event and may be kept. */
export class HostLane<Event, Site> extends AttributedObservable<Event> implements DirectLane<[Event], Event> {
  /** Whether callbacks may change where execution goes on. */
  protected readonly hasPc: boolean = false;
  protected readonly name: string;
  protected readonly consumer: Consumer;
  protected readonly tools: HostTools;
  readonly #events: HostEvents<Event, Site>;
  readonly #selected: (site: Site) => boolean;

  constructor(
    name: string,
    events: HostEvents<Event, Site>,
    tools: HostTools,
    consumer: Consumer,
    selected: (site: Site) => boolean,
  ) {
    super(
      (subscriber) =>
        untilEnd(
          tools.end,
          subscriber,
          this.attachCall("rx", "stream", "read", (event) => subscriber.next(event)),
        ),
      { consumer, where: `stream of ${name}`, callback: name },
    );
    this.name = name;
    this.#events = events;
    this.tools = tools;
    this.consumer = consumer;
    this.#selected = selected;
  }

  /** @throws RangeError for `"write-pc"`, unless the event happens in place of an instruction. */
  register(listener: (event: Event) => void, options: DirectOptions = {}): Subscription {
    if (options.registers === "write-pc" && !this.hasPc) {
      throw new RangeError(
        `${this.name} comes between instructions: there is no pc to set; ask for "write" at most`,
      );
    }
    return this.attachCall("direct", "listener", options.registers ?? "read", listener);
  }

  /** Has `call` called for what is selected, on the consumer's account. */
  protected attachCall(
    lane: Lane,
    what: string,
    registers: Listening["registers"],
    call: (event: Event, site: Site) => unknown,
    detached: () => void = () => {},
  ): Subscription {
    const listening: Listening = {
      consumer: this.consumer,
      where: `${what} of ${this.name}`,
      registers,
      live: true,
    };
    const off = this.#events.attach((event, site) => {
      if (!listening.live) return;
      callGuarded(this.tools.running, listening, () =>
        this.#selected(site) ? call(event, site) : undefined,
      );
    });
    return ownedSubscription(this.consumer, { to: this.name, lane }, () => {
      listening.live = false;
      off();
      detached();
    });
  }
}

/** How the events of one kind are put into batches. */
export interface HostBatch<Event, Batch> {
  create(capacity: number, vcpu: number): Batch & { length: number };
  put(batch: Batch, at: number, event: Event): void;
}

const COMPARE: Readonly<Record<Condition, (a: bigint, b: bigint) => boolean>> = {
  never: () => false,
  always: () => true,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

/** All four lanes of a host event. */
export class HostLanes<Event, Batch, Site>
  extends HostLane<Event, Site>
  implements EventLanes<[Event], Event, Batch, Site>
{
  protected override readonly hasPc = true;
  readonly #batch: HostBatch<Event, Batch>;
  readonly #draining: Set<() => void>;

  constructor(
    name: string,
    events: HostEvents<Event, Site>,
    tools: HostTools,
    consumer: Consumer,
    selected: (site: Site) => boolean,
    batch: HostBatch<Event, Batch>,
    draining: Set<() => void>,
  ) {
    super(name, events, tools, consumer, selected);
    this.#batch = batch;
    this.#draining = draining;
  }

  count(): Counter {
    const { cells } = this.tools;
    const cell = cells.allocate(1);
    const subscription = this.attachCall("inline", "count", "none", () =>
      cells.add(cell, this.tools.vcpu(), 1n),
    );
    return ownedCounter(
      this.consumer,
      cellCounter(cells, cell, () => subscription.unsubscribe()),
    );
  }

  countBy<Key>(key: (site: Site) => Key): CounterTable<Key> {
    const { cells } = this.tools;
    const table = cellTable<Key>(cells, () => subscription.unsubscribe());
    const subscription = this.attachCall("inline", "count", "none", (_event, site) => {
      cells.add(table.cellOf(key(site)), this.tools.vcpu(), 1n);
    });
    return ownedCounter(this.consumer, table.table);
  }

  inline(operation: InlineOperation, entry: ScoreboardEntry, value: number): Subscription {
    const cell = cellOf(entry);
    const { cells } = this.tools;
    const put = operation === "add" ? cells.add : cells.write;
    return this.attachCall("inline", "inline operation", "none", () =>
      put(cell, this.tools.vcpu(), BigInt(value)),
    );
  }

  batch(consumer: (batch: Batch) => void, options: BatchOptions = {}): Subscription {
    const capacity = batchCapacity(options);
    let vcpu = this.tools.vcpu();
    let batch = this.#batch.create(capacity, vcpu);
    let filled = 0;
    const listening: Listening = {
      consumer: this.consumer,
      where: `batch consumer of ${this.name}`,
      registers: "none",
      live: true,
    };
    const drain = (): void => {
      if (filled === 0 || this.consumer.gone) return;
      batch.length = filled;
      // Emptied first: a consumer that detaches, or throws, has had its events.
      filled = 0;
      callGuarded(this.tools.running, listening, () => consumer(batch));
    };
    this.#draining.add(drain);
    return this.attachCall(
      "batch",
      "batch consumer",
      "none",
      (event) => {
        if (vcpu !== this.tools.vcpu()) {
          // A batch is of one vCPU.
          drain();
          vcpu = this.tools.vcpu();
          batch = this.#batch.create(capacity, vcpu);
        }
        this.#batch.put(batch, filled, event);
        filled++;
        if (filled === capacity) drain();
      },
      () => {
        this.#draining.delete(drain);
        drain();
      },
    );
  }

  when(entry: ScoreboardEntry, condition: Condition, value: number): ConditionalLane<[Event]> {
    const cell = cellOf(entry);
    const holds = COMPARE[condition];
    const limit = BigInt.asUintN(64, BigInt(value));
    const { cells } = this.tools;
    return {
      register: (listener, options = {}) =>
        this.attachCall("direct", "conditional listener", options.registers ?? "read", (event) => {
          const [present = 0n] = cells.view(cell, this.tools.vcpu(), 1);
          if (holds(present, limit)) return listener(event);
        }),
    };
  }
}
