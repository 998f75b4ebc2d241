/** Things that happen at a time of the guest's clock. */
export interface Alarms {
  /** Has `ring` called once the clock shows `at` (nanoseconds); gives what calls it off. */
  set(at: number, ring: () => void): () => void;
  /** When the next one rings; infinity if none will. */
  readonly next: number;
  /** Rings what is due, in order of time, and of setting. */
  ring(now: number): void;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** Makes an empty set of alarms. */
export function createAlarms(): Alarms {
  /** By time. */
  const alarms: Alarm[] = [];
  return {
    set(at, ring) {
      const alarm: Alarm = { at, ring };
      const later = alarms.findIndex((other) => other.at > at);
      alarms.splice(later < 0 ? alarms.length : later, 0, alarm);
      return () => {
        const place = alarms.indexOf(alarm);
        if (place >= 0) alarms.splice(place, 1);
      };
    },
    get next() {
      return alarms[0]?.at ?? Number.POSITIVE_INFINITY;
    },
    ring(now) {
      for (let due = alarms[0]; due !== undefined && due.at <= now; due = alarms[0]) {
        alarms.shift();
        due.ring();
      }
    },
  };
}
