import type { Cpu, EventLanes } from "@qpp/emulator/contract";

/** A number that grows. */
export interface Count {
  readonly value: number;
  /** One vCPU's share of it. */
  ofVcpu(index: number): number;
}

/**
 * Counts events: inside the translated code, or, as QEMU's plugins do with `inline=off`, by a callback for each. The count is
 * the same; a callback costs a call.
 */
export function counting<What, Event, Batch, Site>(
  events: EventLanes<[cpu: Cpu, what: What], Event, Batch, Site>,
  inline: boolean,
): Count {
  if (inline) return events.count();
  const vcpus: number[] = [];
  events.register(
    ({ index }) => {
      vcpus[index] = (vcpus[index] ?? 0) + 1;
    },
    { registers: "none" },
  );
  return {
    get value() {
      return vcpus.reduce((sum, count) => sum + count, 0);
    },
    ofVcpu: (index) => vcpus[index] ?? 0,
  };
}

/** Numbers that grow, by key. */
export interface CountBy<K> {
  /** 0 for a key that never occurred. */
  get(key: K): number;
}

/** The same for counts by a key, which is made once for each site: blocks, or instructions. */
export function countingBy<Site extends object, Event, Batch, K>(
  events: EventLanes<[cpu: Cpu, site: Site], Event, Batch, Site>,
  inline: boolean,
  key: (site: Site) => K,
): CountBy<K> {
  if (inline) return events.countBy(key);
  const counts = new Map<K, { value: number }>();
  const ofSite = new WeakMap<Site, { value: number }>();
  const countOf = (site: Site): { value: number } => {
    const made = key(site);
    const count = counts.get(made) ?? { value: 0 };
    counts.set(made, count);
    ofSite.set(site, count);
    return count;
  };
  events.register((_cpu, site) => void (ofSite.get(site) ?? countOf(site)).value++, { registers: "none" });
  return { get: (made) => counts.get(made)?.value ?? 0 };
}
