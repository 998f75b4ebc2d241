import type { Observer, Subscription, TeardownLogic, UnaryFunction } from "rxjs";
// All of RxJS is two hundred files; these two are what the fabric needs at start. They are the same classes.
import { Observable } from "rxjs/internal/Observable";
import { Subscriber } from "rxjs/internal/Subscriber";
import type { Consumer } from "../consumer.js";
import { PluginGoneError } from "../errors.js";

/** On whose behalf a stream is subscribed to, and what to call it when something goes wrong. */
export interface Attribution {
  readonly consumer: Consumer;
  /** For example `stream of callback "qpp_srv.onExit"`. */
  readonly where: string;
  /** The callback at its source, as `owner.callback`, if there is one. */
  readonly callback: string | undefined;
}

/**
 * A stream that belongs to a consumer, and so does every stream piped from it. What an observer throws, and an error that no
 * observer takes, is a fault of the consumer (plain RxJS would throw it at nobody in particular, later). Its subscriptions
 * end with the consumer.
 */
export class AttributedObservable<T> extends Observable<T> {
  // RxJS declares ten overloads of `pipe`; a property of their type spares repeating them.
  /** As of any Observable; the stream that comes out belongs to the same consumer. */
  override readonly pipe: Observable<T>["pipe"];
  readonly #attribution: Attribution;

  constructor(subscribe: (subscriber: Subscriber<T>) => TeardownLogic, attribution: Attribution) {
    super(subscribe);
    this.#attribution = attribution;
    const pipe = (...operators: UnaryFunction<unknown, unknown>[]): unknown =>
      attributed(
        operators.reduce<unknown>((stream, operator) => operator(stream), this),
        attribution,
      );
    this.pipe = pipe as Observable<T>["pipe"];
  }

  /** As of any Observable; but if the subscriber throws, its plugin is at fault, and when that goes, the subscription ends. */
  override subscribe(
    observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // An operator downstream subscribes: whoever is at its end has been taken care of.
    if (observerOrNext instanceof Subscriber) return super.subscribe(observerOrNext);
    const observer =
      typeof observerOrNext === "function"
        ? { next: observerOrNext, ...(error && { error }), ...(complete && { complete }) }
        : (observerOrNext ?? { ...(error && { error }), ...(complete && { complete }) });
    const subscriber = new Subscriber(new GuardedObserver(observer, this.#attribution));
    const { consumer } = this.#attribution;
    if (consumer.gone) {
      subscriber.error(new PluginGoneError(consumer.name, `cannot subscribe to ${this.#attribution.where}`));
      return subscriber;
    }
    subscriber.add(consumer.add(() => subscriber.unsubscribe()));
    return super.subscribe(subscriber);
  }
}

/** `value`, made to belong to a consumer if it is a stream and belongs to nobody. */
export function attributed(value: unknown, attribution: Attribution): unknown {
  if (!(value instanceof Observable) || value instanceof AttributedObservable) return value;
  return new AttributedObservable((subscriber) => value.subscribe(subscriber), attribution);
}

class GuardedObserver<T> implements Observer<T> {
  readonly #observer: Partial<Observer<T>>;
  readonly #attribution: Attribution;

  constructor(observer: Partial<Observer<T>>, attribution: Attribution) {
    this.#observer = observer;
    this.#attribution = attribution;
  }

  next(value: T): void {
    const observer = this.#observer;
    if (!observer.next) return;
    try {
      // An observer may be an async function, whatever its type says.
      const result: unknown = observer.next(value);
      if (typeof result === "object" && result !== null) {
        const { consumer, where, callback } = this.#attribution;
        consumer.watch(result, where, callback);
      }
    } catch (cause) {
      this.#fault(cause);
    }
  }

  error(error: unknown): void {
    const observer = this.#observer;
    if (!observer.error) {
      this.#fault(error);
      return;
    }
    try {
      observer.error(error);
    } catch (cause) {
      this.#fault(cause);
    }
  }

  complete(): void {
    try {
      this.#observer.complete?.();
    } catch (cause) {
      this.#fault(cause);
    }
  }

  #fault(cause: unknown): void {
    const { consumer, where, callback } = this.#attribution;
    consumer.fault(where, cause, callback);
  }
}
