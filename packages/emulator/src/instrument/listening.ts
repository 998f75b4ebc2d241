import type { Attachment, Consumer } from "@qpp/core";
import type { Subscriber } from "rxjs";
import { Subscription } from "rxjs/internal/Subscription";
import type { Cpu, RegisterAccess } from "../contract/cpu.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import type { Deliver, Sites } from "./sites.js";

/** Somebody who is called when something happens, and what they may do then. */
export interface Listening {
  readonly consumer: Consumer;
  /** For fault messages, for example `instruction listener`. */
  readonly where: string;
  readonly registers: RegisterAccess;
  /** False once detached: code translated before may still call until its block ends. */
  live: boolean;
}

/** The ways in which an event can travel, from the cheapest on. */
export type Lane = "inline" | "batch" | "direct" | "rx";

/** The address space that a vCPU runs in, as far as events are concerned. */
export interface EventSpace {
  readonly memory: GuestMemory;
  /** Where its translated code calls out. */
  readonly sites: Sites<Deliver>;
}

/** Whose code is running: faults are theirs, and registers are as they asked for them. */
export interface Running {
  current: Listening | undefined;
  /** Where `cpu.setPc` has been told to go on, by the present callback. */
  newPc?: number | undefined;
}

/** What runs translated code, and whose code that calls. */
export interface RunningVcpu extends Running {
  cpu: Cpu;
  /** Where the vCPU is. */
  space: EventSpace;
}

/** Thrown by `cpu.setPc`, to unwind the callback and the translated code around it. */
export class PcChange extends Error {
  readonly pc: number;

  constructor(pc: number) {
    super("execution goes on elsewhere; this is no error and must not be caught by plugins");
    this.name = "PcChange";
    this.pc = pc;
  }
}

/** A subscription that ends with its consumer, or before. */
export function ownedSubscription(
  consumer: Consumer,
  attachment: Attachment,
  detach: () => void,
): Subscription {
  const subscription = new Subscription(detach);
  subscription.add(consumer.add(() => subscription.unsubscribe(), attachment));
  return subscription;
}

/**
 * Calls a consumer's code outside of translated code; what it throws, or what its promise is rejected with, is its
 * fault. A change of pc goes through, even if the consumer has caught it.
 */
export function callGuarded<T>(running: Running, listening: Listening, call: () => T): T | undefined {
  const { current, newPc } = running;
  let result: T | undefined;
  running.current = listening;
  running.newPc = undefined;
  try {
    result = call();
    listening.consumer.watch(result, listening.where);
  } catch (cause) {
    if (!(cause instanceof PcChange)) listening.consumer.fault(listening.where, cause);
  } finally {
    running.current = current;
  }
  const changed = running.newPc;
  running.newPc = newPc;
  if (changed !== undefined) throw new PcChange(changed);
  return result;
}

/** Has a stream that was attached complete at the guest's end, a subscription that closes then. */
export function untilEnd<T>(
  end: Subscription,
  subscriber: Subscriber<T>,
  attached: Subscription,
): Subscription {
  const complete = (): void => subscriber.complete();
  end.add(complete);
  attached.add(() => end.remove(complete));
  return attached;
}
