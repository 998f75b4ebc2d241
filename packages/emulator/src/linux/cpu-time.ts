import { type Alarms, createAlarms } from "./alarms.js";
import type { TimeLine } from "./timers/time-line.js";

/** The processor time of a thread, or of a process: of all of its threads together, those that have ended included. */
export interface CpuAccount extends TimeLine {
  /** Nanoseconds up to when it last stopped running. */
  total: number;
}

/** Keeps account of whose the processor's time is. All of it is user time: what the kernel does takes none. */
export interface CpuMeter {
  account(): CpuAccount;
  /** From now on time goes to these: a thread, and its process. */
  run(accounts: readonly CpuAccount[]): void;
  /** Alarms of those that time goes to, by the processor's time of all together. Others cannot become due. */
  readonly alarms: Pick<Alarms, "next" | "ring">;
}

/** @param busy the processor's time, in nanoseconds. */
export function createCpuMeter(busy: () => number): CpuMeter {
  let running: readonly CpuAccount[] = [];
  let since = 0;
  return {
    account() {
      const account: CpuAccount = {
        total: 0,
        alarms: createAlarms(),
        now: () => account.total + (running.includes(account) ? busy() - since : 0),
      };
      return account;
    },
    run(accounts) {
      const now = busy();
      for (const account of running) account.total += now - since;
      since = now;
      running = accounts;
    },
    alarms: {
      get next() {
        return running.reduce(
          (first, { alarms, total }) => Math.min(first, alarms.next - total + since),
          Number.POSITIVE_INFINITY,
        );
      },
      ring(now) {
        for (const { alarms, total } of running) alarms.ring(total + now - since);
      },
    },
  };
}
