import type { Cpu, EventLanes, Scoreboards } from "@qpp/emulator/contract";
import type { Checks } from "../checks.js";

/** A conditional callback happens when so many events were counted since the last one. */
const LIMIT = 100;
/** What is stored inline has as many values: sites that are close to each other have different ones. */
const MARKS = 8;

/** Where a kind of event is had from. */
export interface ProbeSource<What, Event, Batch, Site> {
  /** Those events for which `chosen` holds. */
  events(chosen: (site: Site) => boolean): EventLanes<[cpu: Cpu, what: What], Event, Batch, Site>;
  siteOf(what: What): Site;
  pcOf(site: Site): number;
}

/** Counts one kind of event in every way that there is. */
export interface Probe {
  readonly name: string;
  total(): number;
  ofVcpu(vcpu: number): number;
  /** Holds all ways against each other, of so many vCPUs. @throws Error if they do not agree */
  compare(vcpus: number): void;
}

/** Attaches to a kind of event in every way that there is. */
export function probe<What, Event, Batch extends { readonly length: number; readonly vcpu: number }, Site>(
  name: string,
  scoreboards: Scoreboards,
  checks: Checks,
  { events, siteOf, pcOf }: ProbeSource<What, Event, Batch, Site>,
): Probe {
  const board = scoreboards.create(5);
  const called = board.entry(0);
  const added = board.entry(1);
  const sinceTrigger = board.entry(2);
  const triggered = board.entry(3);
  const stored = board.entry(4);
  const markOf = (site: Site): number => (pcOf(site) >>> 1) % MARKS;
  let calls = 0;

  for (let mark = 0; mark < MARKS; mark++) {
    events((site) => markOf(site) === mark).inline("store", stored, mark);
  }
  const all = events(() => true);
  all.register(
    ({ index }, what) => {
      calls++;
      called.add(index, 1);
      checks.expect(`${name}: what was stored inline`, stored.get(index), markOf(siteOf(what)));
    },
    { registers: "none" },
  );
  all.inline("add", added, 1);
  all.inline("add", sinceTrigger, 1);
  all.when(sinceTrigger, "eq", LIMIT).register(
    ({ index }) => {
      checks.expect(`${name}: count at a conditional callback`, sinceTrigger.get(index), LIMIT);
      sinceTrigger.set(index, 0);
      triggered.add(index, 1);
    },
    { registers: "none" },
  );
  const counter = all.count();
  const byMark = all.countBy(markOf);
  const batched: number[] = [];
  all.batch(({ length, vcpu }) => {
    batched[vcpu] = (batched[vcpu] ?? 0) + length;
  });

  return {
    name,
    total: () => calls,
    ofVcpu: (vcpu) => called.get(vcpu),
    compare(vcpus) {
      for (let vcpu = 0; vcpu < vcpus; vcpu++) {
        const count = called.get(vcpu);
        const same = (way: string, found: number): void =>
          checks.expect(`${name} of a vCPU: ${way}`, found, count);
        same("inline", added.get(vcpu));
        same("counter", counter.ofVcpu(vcpu));
        same("batches", batched[vcpu] ?? 0);
        same("conditional callbacks", triggered.get(vcpu) * LIMIT + sinceTrigger.get(vcpu));
        checks.expect(`${name} of a vCPU: left over`, sinceTrigger.get(vcpu), count % LIMIT);
      }
      const same = (way: string, found: number): void => checks.expect(`${name}: ${way}`, found, calls);
      same("per vCPU", called.sum());
      same("per vCPU inline", added.sum());
      same("counter", counter.value);
      same(
        "counters by key",
        [...byMark.entries()].reduce((sum, [, count]) => sum + count, 0),
      );
      same(
        "batches",
        batched.reduce((sum, length) => sum + length, 0),
      );
      same("conditional callbacks", triggered.sum() * LIMIT + sinceTrigger.sum());
      checks.expect(`${name}: there were some`, calls > 0, true);
    },
  };
}
