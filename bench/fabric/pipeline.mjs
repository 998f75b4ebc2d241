// node pipeline.mjs LANE: nanoseconds of one event through filter, map and scan, in a process of its own.
import { filter, map, Subject, scan } from "rxjs";
import { wired } from "./fabrics.mjs";
import { least } from "./least.mjs";

const operators = [
  filter(([value]) => (value & 1) === 0),
  map(([value]) => value >> 1),
  scan((sum, value) => (sum + value) | 0, 0),
];
const sums = new Int32Array(1);
const keep = (sum) => {
  sums[0] = sum;
};

const LANES = {
  async QPP() {
    const { owned, imported } = await wired();
    imported.tick.pipe(...operators).subscribe(keep);
    return (events) => {
      for (let i = 0; i < events; i++) owned.tick.run(i);
    };
  },
  // The same events: tuples of arguments.
  "RxJS Subject"() {
    const subject = new Subject();
    subject.pipe(...operators).subscribe(keep);
    return (events) => {
      for (let i = 0; i < events; i++) subject.next([i]);
    };
  },
};

const batch = await LANES[process.argv[2]]();
batch(4);
if (sums[0] !== 1) throw new Error(`the pipeline came to ${sums[0]}, not 1`);
console.log(least(batch).nanoseconds);
