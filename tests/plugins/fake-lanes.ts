import type { Consumer } from "@qpp/core";
import type { Counter, CounterTable, EventLanes } from "@qpp/emulator/contract";
import { Observable, Subscription } from "rxjs";

interface Attached<Args, Site> {
  accepts(site: Site): boolean;
  take(args: Args, site: Site, vcpu: number): void;
  /** Hands over what is held back. */
  flush(): void;
}

/** One kind of event of the fake machine: what is attached to it, in order, and a way to make it happen. */
export class FakeEvents<Args extends readonly unknown[], Event, Batch, Site> {
  readonly #attached = new Set<Attached<Args, Site>>();
  readonly #toEvent: (...args: Args) => Event;
  readonly #toBatch: (events: readonly Args[]) => Batch;

  constructor(toEvent: (...args: Args) => Event, toBatch: (events: readonly Args[]) => Batch) {
    this.#toEvent = toEvent;
    this.#toBatch = toBatch;
  }

  fire(site: Site, vcpu: number, ...args: Args): void {
    for (const each of [...this.#attached]) if (each.accepts(site)) each.take(args, site, vcpu);
  }

  flush(): void {
    for (const each of this.#attached) each.flush();
  }

  /** The lanes that one consumer sees, of the sites that `accepts` accepts. */
  lanes(consumer: Consumer, accepts: (site: Site) => boolean): EventLanes<Args, Event, Batch, Site> {
    const attach = (take: Attached<Args, Site>["take"], flush = () => {}): Subscription => {
      const each = { accepts, take, flush };
      this.#attached.add(each);
      const subscription = new Subscription(() => this.#attached.delete(each));
      consumer.add(() => subscription.unsubscribe());
      return subscription;
    };
    const guard = (action: () => void): void => {
      try {
        action();
      } catch (cause) {
        consumer.fault("a lane of the fake machine", cause);
      }
    };
    const register = (listener: (...args: Args) => void): Subscription =>
      attach((args) => guard(() => listener(...args)));
    return Object.assign(
      new Observable<Event>((subscriber) => attach((args) => subscriber.next(this.#toEvent(...args)))),
      {
        register,
        count(): Counter {
          const byVcpu: number[] = [];
          const subscription = attach((_args, _site, vcpu) => {
            byVcpu[vcpu] = (byVcpu[vcpu] ?? 0) + 1;
          });
          return {
            get value() {
              return byVcpu.reduce((sum, count) => sum + count, 0);
            },
            ofVcpu: (index) => byVcpu[index] ?? 0,
            detach: () => subscription.unsubscribe(),
          };
        },
        countBy<K>(key: (site: Site) => K): CounterTable<K> {
          const counts = new Map<K, number>();
          const subscription = attach((_args, site) =>
            counts.set(key(site), (counts.get(key(site)) ?? 0) + 1),
          );
          return {
            get: (wanted) => counts.get(wanted) ?? 0,
            entries: () => counts.entries(),
            detach: () => subscription.unsubscribe(),
          };
        },
        batch: (consume: (batch: Batch) => void, { capacity = 8192 } = {}): Subscription => {
          let held: Args[] = [];
          const flush = (): void => {
            const events = held;
            held = [];
            if (events.length > 0) guard(() => consume(this.#toBatch(events)));
          };
          return attach((args) => {
            if (held.push(args) === capacity) flush();
          }, flush);
        },
        inline: () => unused("inline"),
        when: () => unused("when"),
      },
    );
  }
}

/** For what no plugin of ours asks of the machine. */
export function unused(what: string): never {
  throw new Error(`the fake machine has no ${what}`);
}
