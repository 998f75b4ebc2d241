import { type Circumstances, type Fault, makeFault } from "./fault.js";

/** Something that a consumer has attached to a value of another plugin. */
export interface Attachment {
  /** What to, the owner's name first: `machine.blocks.executed`. */
  readonly to: string;
  /** How it gets what happens there: `inline`, `batch`, `direct`, `rx`, or what else the owner has. */
  readonly lane: string;
}

/**
 * The one on whose behalf something is registered: a plugin that uses another one. Whatever is done through its imports is
 * attributed to it and goes away with it. Owners of rich values get it from {@link perConsumer}; callbacks use the same.
 */
export interface Consumer {
  /** Name of the consuming plugin. */
  readonly name: string;
  /** Whether the consumer has been uninstalled. From then on nothing can be registered for it. */
  readonly gone: boolean;
  /**
   * Has `teardown` run when the consumer is uninstalled, once, the latest first; at once if it is gone already.
   * Returns a function that takes the teardown back without running it.
   *
   * @param attachment what it takes back, for the description of the wiring
   */
  add(teardown: () => void, attachment?: Attachment): () => void;
  /**
   * Reports what the consumer's own code threw. The container's fault policy applies before this returns, so the consumer
   * may be gone afterwards.
   *
   * @param where what that code was doing, for example `block listener`
   * @param callback the callback concerned, as `owner.callback`, if there is one
   */
  fault(where: string, cause: unknown, callback?: string): void;
  /**
   * Takes what the consumer's code returned; if that is a promise, its rejection becomes a fault of the consumer.
   */
  watch(result: unknown, where: string, callback?: string): void;
}

/** The container's side of a {@link Consumer}: it can be closed. */
export class ConsumerScope implements Consumer {
  readonly name: string;
  readonly #onFault: (fault: Fault) => void;
  readonly #circumstances: () => Circumstances;
  readonly #teardowns = new Map<() => void, Attachment | undefined>();
  #gone = false;

  constructor(name: string, onFault: (fault: Fault) => void, circumstances: () => Circumstances) {
    this.name = name;
    this.#onFault = onFault;
    this.#circumstances = circumstances;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** What it has attached and not taken back, in that order. */
  get attachments(): readonly Attachment[] {
    return [...this.#teardowns.values()].filter((each) => each !== undefined);
  }

  add(teardown: () => void, attachment?: Attachment): () => void {
    // Wrapped, so that one function given twice is two teardowns.
    const entry = () => teardown();
    if (this.#gone) this.#run(entry);
    else this.#teardowns.set(entry, attachment);
    return () => this.#teardowns.delete(entry);
  }

  fault(where: string, cause: unknown, callback?: string): void {
    this.#onFault(makeFault(this.name, where, cause, callback, this.#circumstances()));
  }

  watch(result: unknown, where: string, callback?: string): void {
    if (!isThenable(result)) return;
    result.then(undefined, (cause: unknown) => this.fault(where, cause, callback));
  }

  /** Runs every teardown, the latest first. What one of them throws is a fault and does not keep the others from running. */
  close(): void {
    this.#gone = true;
    const teardowns = [...this.#teardowns.keys()].reverse();
    for (const teardown of teardowns) {
      if (this.#teardowns.delete(teardown)) this.#run(teardown);
    }
  }

  #run(teardown: () => void): void {
    try {
      teardown();
    } catch (cause) {
      this.fault("dispose", cause);
    }
  }
}

interface Thenable {
  then(resolved: undefined, rejected: (cause: unknown) => void): unknown;
}

/** Whether `value` is a promise of any make. */
export function isThenable(value: unknown): value is Thenable {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
