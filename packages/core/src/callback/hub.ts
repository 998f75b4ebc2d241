import type { Subscriber } from "rxjs";
import { Subscription } from "rxjs/internal/Subscription";
import { type Consumer, isThenable } from "../consumer.js";
import { BadDefinitionError, CapacityError, PluginGoneError } from "../errors.js";
import { CHUNK_SIZE, type Chunk, cut, WARM_UP_RUNS } from "./chunk.js";
import { type Combiner, combinerOf } from "./combine.js";
import { type Dispatch, makeDispatch, makeRun, makeSingleDispatch } from "./dispatcher.js";
import { type CallbackSpec, MAX_ARGUMENTS } from "./spec.js";

/** One subscriber of a callback. */
export type Listener = Target & {
  readonly consumer: Consumer;
  /** Closing it takes the listener out. */
  readonly subscription: Subscription;
  /** False once it is taken out: a run that is under way passes it over. */
  live: boolean;
};

/** What is called: a function, or what came through Rx. */
type Target =
  | { readonly call: Dispatch; readonly subscriber: undefined }
  | { readonly call: undefined; readonly subscriber: Subscriber<unknown[]> };

// The first dispatcher comes sooner: before V8 (12) gathers feedback for `run`, which takes about nine runs. What it sees `run`
// do from then on stays in the owner's loop for good, and a call of `cold` there costs each event some 0.4 ns.
const FIRST_WARM_UP_RUNS = 4;

/**
 * The state of one callback and all that happens to it, shared by the views that its owner and its consumers have of it.
 *
 * A run goes one of four ways. Nobody listens: it returns. The few listeners have been the same for some runs: a generated
 * dispatcher calls them. There are more: a dispatcher goes through chunks of them, and each chunk has code generated when it
 * has stayed for some runs. Otherwise a loop calls them; the same loop finishes the runs that a change or a fault interrupts.
 */
export class Hub {
  /** `owner.callback` */
  readonly name: string;
  readonly capacity: number;
  readonly combiner: Combiner | undefined;
  /** How many listeners there are. */
  size = 0;
  /** Calls the present listeners; undefined until it is generated. A run that finds another one here has been overtaken. */
  dispatch: Dispatch | undefined = undefined;
  /** Goes up when listeners come or go. */
  version = 0;
  /**
   * Set by a chunk that could not call all its listeners, because they changed or one threw: how many it has dealt with.
   * Its dispatcher sets it back to 0.
   */
  stopped = 0;
  /** How often it has run since {@link countRuns}; undefined while nobody wants to know. */
  counter: { runs: number } | undefined = undefined;

  readonly #owner: string;
  readonly #listeners: Listener[] = [];
  #snapshot: readonly Listener[] | undefined;
  #completed = false;
  #coldRuns = 0;
  #warmUp = FIRST_WARM_UP_RUNS;
  #generated = false;
  #chunks: readonly Chunk[] = [];
  #run: Dispatch | undefined;
  /** Stands in for a dispatcher while runs are counted. */
  #counted: Dispatch | undefined;

  constructor(owner: string, name: string, spec: CallbackSpec) {
    this.#owner = owner;
    this.name = `${owner}.${name}`;
    this.capacity = spec.capacity;
    this.combiner = spec.combine === undefined ? undefined : combinerOf(spec.combine);
  }

  /** The function that runs this callback. Made when it is first asked for: most callbacks of a large wiring never run. */
  get run(): Dispatch {
    this.#run ??= makeRun(this);
    return this.#run;
  }

  /** The listeners now, in order of registration. */
  get listeners(): readonly Listener[] {
    this.#snapshot ??= [...this.#listeners];
    return this.#snapshot;
  }

  /**
   * Counts runs from now on. `run` stays as it is, so that not counting costs nothing: while there is no generated dispatcher,
   * one that counts stands in for it; those that are generated from now on count, too.
   */
  countRuns(): void {
    if (this.counter) return;
    const counter = { runs: 0 };
    this.counter = counter;
    this.#counted = (count, ...args) => {
      counter.runs++;
      return this.size === 0 ? this.nobody() : this.cold(Number(count), args);
    };
    this.#changed();
  }

  /** Adds a direct listener. */
  register(call: Dispatch, consumer: Consumer): Subscription {
    if (consumer.gone)
      throw new PluginGoneError(consumer.name, `cannot register on "${this.name}"`, this.name);
    if (this.#completed) return Subscription.EMPTY;
    if (this.size >= this.capacity) throw new CapacityError(this.name, this.capacity, consumer.name);
    return this.#add(consumer, (subscription) => {
      return { consumer, call, subscriber: undefined, subscription, live: true };
    });
  }

  /** Adds a listener that comes through Rx. What is wrong goes to the subscriber, as Rx has it. */
  subscribe(subscriber: Subscriber<unknown[]>, consumer: Consumer): Subscription {
    if (consumer.gone) {
      subscriber.error(new PluginGoneError(consumer.name, `cannot subscribe to "${this.name}"`, this.name));
    } else if (this.#completed) {
      subscriber.complete();
    } else if (this.size >= this.capacity) {
      subscriber.error(new CapacityError(this.name, this.capacity, consumer.name));
    } else {
      return this.#add(consumer, (subscription) => {
        return { consumer, call: undefined, subscriber, subscription, live: true };
      });
    }
    return Subscription.EMPTY;
  }

  /** Takes out the oldest registration of `call` by `consumer`. */
  remove(call: Dispatch, consumer: Consumer): boolean {
    const found = this.#listeners.find(
      (listener) => listener.call === call && listener.consumer === consumer,
    );
    found?.subscription.unsubscribe();
    return found !== undefined;
  }

  /** Ends it: Rx subscribers are told, direct listeners are dropped, and nobody can be added any more. */
  complete(): void {
    this.#completed = true;
    for (const listener of this.listeners) {
      this.#attempt(listener, () => listener.subscriber?.complete());
      this.#attempt(listener, () => listener.subscription.unsubscribe());
    }
  }

  /** Does what may run code of the listener's: what it throws is its fault. */
  #attempt(listener: Listener, action: () => void): void {
    try {
      action();
    } catch (cause) {
      this.failed(listener, cause);
    }
  }

  /** What `run` returns when nobody listens. */
  nobody(): unknown {
    return this.combiner?.finish(this.combiner.start());
  }

  /** A run without a dispatcher; `args` may be longer than `count`. */
  cold(count: number, args: unknown[]): unknown {
    if (count > MAX_ARGUMENTS) {
      throw new BadDefinitionError(
        `callback "${this.name}" was run with ${count} arguments; it takes ${MAX_ARGUMENTS} at most: pass an object`,
        { plugin: this.#owner, callback: this.name },
      );
    }
    args.length = count;
    const listeners = this.listeners;
    if (++this.#coldRuns >= this.#warmUp) this.#generate(listeners, count);
    const total = this.each(listeners, args, this.combiner?.start());
    return this.combiner?.finish(total);
  }

  /** Calls the listeners from `from` on that are still there, and returns the combined result. */
  resume(listeners: readonly Listener[], from: number, args: unknown[], sum: unknown): unknown {
    const total = this.each(listeners.slice(from), args, sum);
    return this.combiner?.finish(total);
  }

  /** Calls those of the listeners that are still there, and returns the result so far. */
  each(listeners: readonly Listener[], args: unknown[], sum: unknown): unknown {
    let total = sum;
    for (const listener of listeners) {
      if (!listener.live) continue;
      try {
        if (listener.subscriber) listener.subscriber.next(args);
        else if (this.combiner) total = this.combiner.step(total, listener.call(...args));
        else {
          const result = listener.call(...args);
          // Seldom true: the loop is a third quicker when it asks that itself.
          if (isThenable(result)) this.returned(listener, result);
        }
      } catch (cause) {
        this.failed(listener, cause);
      }
    }
    return total;
  }

  /** Takes what a listener threw. */
  failed(listener: Listener, cause: unknown): void {
    listener.consumer.fault(`callback "${this.name}"`, cause, this.name);
  }

  /** Takes what a listener returned where no result is asked for. */
  returned(listener: Listener, result: unknown): void {
    listener.consumer.watch(result, `callback "${this.name}"`, this.name);
  }

  #generate(listeners: readonly Listener[], arity: number): void {
    this.#generated = true;
    this.#coldRuns = 0;
    // Runs with changing numbers of arguments would have it generated again and again: each time, wait for longer.
    this.#warmUp *= 2;
    if (listeners.length > CHUNK_SIZE) {
      this.#chunks = cut(this, listeners, arity, this.#chunks);
      this.dispatch = makeDispatch(this, listeners, this.#chunks, arity);
      return;
    }
    const dispatch = makeSingleDispatch(this, listeners, arity);
    if (dispatch) this.dispatch = dispatch;
    else this.#warmUp = Number.POSITIVE_INFINITY;
  }

  #add(consumer: Consumer, make: (subscription: Subscription) => Listener): Subscription {
    const subscription = new Subscription(() => {
      forget();
      this.#drop(listener);
    });
    const listener = make(subscription);
    const forget = consumer.add(() => subscription.unsubscribe());
    this.#listeners.push(listener);
    this.#changed();
    return subscription;
  }

  #drop(listener: Listener): void {
    listener.live = false;
    // Consumers are torn down latest first, so what is dropped is mostly near the end.
    this.#listeners.splice(this.#listeners.lastIndexOf(listener), 1);
    this.#changed();
  }

  #changed(): void {
    this.size = this.#listeners.length;
    this.dispatch = this.#counted;
    this.#snapshot = undefined;
    this.version++;
    this.#coldRuns = 0;
    // Most chunks are still there: with them even the next run is faster than without.
    if (this.size > CHUNK_SIZE) this.#warmUp = 1;
    else {
      this.#warmUp = this.#generated ? WARM_UP_RUNS : FIRST_WARM_UP_RUNS;
      this.#chunks = [];
    }
  }
}
