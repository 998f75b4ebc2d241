import type { Subscription } from "rxjs";
import type { Consumer } from "../consumer.js";
import { NotOwnerError } from "../errors.js";
import { AttributedObservable } from "../rx/attributed.js";
import type { Callback, OwnedCallback } from "./callback.js";
import type { Dispatch } from "./dispatcher.js";
import type { Hub } from "./hub.js";

/** What everybody can do with a callback; each consumer has a view of its own, so that what it does is attributed to it. */
class CallbackView extends AttributedObservable<unknown[]> {
  readonly #hub: Hub;
  readonly #consumer: Consumer;

  constructor(hub: Hub, consumer: Consumer) {
    super((subscriber) => hub.subscribe(subscriber, consumer), {
      consumer,
      where: `stream of callback "${hub.name}"`,
      callback: hub.name,
    });
    this.#hub = hub;
    this.#consumer = consumer;
  }

  get capacity(): number {
    return this.#hub.capacity;
  }

  get size(): number {
    return this.#hub.size;
  }

  register(listener: Dispatch): Subscription {
    return this.#hub.register(listener, this.#consumer);
  }

  remove(listener: Dispatch): boolean {
    return this.#hub.remove(listener, this.#consumer);
  }
}

/** A consumer's view: it can listen, and nothing else. */
class ImportedView extends CallbackView implements Callback<unknown[], unknown> {
  readonly #refusal: () => NotOwnerError;

  constructor(hub: Hub, consumer: Consumer) {
    super(hub, consumer);
    this.#refusal = () => new NotOwnerError(hub.name, consumer.name);
  }

  /** Not in the type of a consumer's callback: for those who force it. */
  run(): never {
    throw this.#refusal();
  }
}

/** The owner's view. */
class OwnerView extends CallbackView implements OwnedCallback<unknown[], unknown, unknown> {
  readonly #hub: Hub;

  constructor(hub: Hub, consumer: Consumer) {
    super(hub, consumer);
    this.#hub = hub;
  }

  // From its first use on `run` is a property of the object: an engine folds that away, and would not fold a getter.
  get run(): Dispatch {
    const { run } = this.#hub;
    Object.defineProperty(this, "run", { value: run, enumerable: true });
    return run;
  }

  next(args: unknown[]): void {
    this.run(...args);
  }
}

export function importedView(hub: Hub, consumer: Consumer): Callback<unknown[], unknown> {
  return new ImportedView(hub, consumer);
}

export function ownerView(hub: Hub, consumer: Consumer): OwnedCallback<unknown[], unknown, unknown> {
  return new OwnerView(hub, consumer);
}
