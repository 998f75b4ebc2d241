/** Timers that were set while somebody was watching. */
export interface TimerWatch {
  /** How many of them are still set. */
  pending(): number;
  /** Gives the global functions back. */
  stop(): void;
}

type Callback = (...args: unknown[]) => void;
type SetTimer = (callback: Callback, delay?: number, ...args: unknown[]) => unknown;

/** Watches timers by standing in for the global functions that set and clear them. */
export function watchTimers(): TimerWatch {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  const set = new Set<unknown>();
  const watched =
    (original: SetTimer, once: boolean): SetTimer =>
    (callback, delay, ...args) => {
      const timer = original(
        (...given) => {
          if (once) set.delete(timer);
          callback(...given);
        },
        delay,
        ...args,
      );
      set.add(timer);
      return timer;
    };
  const cleared =
    (original: (timer: never) => void) =>
    (timer: unknown): void => {
      set.delete(timer);
      original(timer as never);
    };
  Object.assign(globalThis, {
    setTimeout: watched(setTimeout as unknown as SetTimer, true),
    setInterval: watched(setInterval as unknown as SetTimer, false),
    clearTimeout: cleared(clearTimeout),
    clearInterval: cleared(clearInterval),
  });
  return {
    pending: () => set.size,
    stop() {
      Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
      for (const timer of set) clearTimeout(timer as never);
    },
  };
}
