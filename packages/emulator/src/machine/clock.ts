import type { Consumer } from "@qpp/core";
import { ClockOwnedError } from "../contract/errors.js";
import type { Clock } from "../contract/life.js";
import type { Clock as KernelClock } from "../linux/clock.js";

/** The guest's clock, with at most one plugin that owns it. */
export interface OwnableClock {
  /** As the kernel sees it. */
  readonly kernel: KernelClock;
  /** As a plugin sees it. */
  for(consumer: Consumer): Clock;
}

/** Makes the clock, which `own` is until a plugin takes it over. */
export function createOwnableClock(own: KernelClock): OwnableClock {
  let owner: string | undefined;
  /** While owned: the time that its owner has set. */
  let time = 0;
  /** What its own clock is off by, after owners set it. */
  let offset = 0;

  const now = (): number => (owner === undefined ? own.nanoseconds() + offset : time);

  return {
    kernel: {
      startSeconds: own.startSeconds,
      nanoseconds: now,
      busyNanoseconds: own.busyNanoseconds,
      advance(nanoseconds) {
        if (owner === undefined) return own.advance(nanoseconds);
        time += nanoseconds;
        return true;
      },
    },
    for: (consumer) => ({
      get nanoseconds() {
        return now();
      },
      request() {
        if (owner !== undefined) throw new ClockOwnedError(owner);
        time = now();
        owner = consumer.name;
        let held = true;
        const release = (): void => {
          if (!held) return;
          held = false;
          offset = time - own.nanoseconds();
          owner = undefined;
        };
        consumer.add(release);
        return {
          set(nanoseconds) {
            if (!held) throw new RangeError("the clock was given back; request it again to set it");
            if (!Number.isFinite(nanoseconds) || nanoseconds < time) {
              throw new RangeError(
                `the guest's clock goes on from ${time} ns; it cannot be set to ${nanoseconds} ns`,
              );
            }
            time = nanoseconds;
          },
          release,
        };
      },
    }),
  };
}
