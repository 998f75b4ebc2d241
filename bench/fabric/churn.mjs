// node churn.mjs FABRIC EVERY: nanoseconds of one event with 256 listeners, when at each EVERY-th event one of them, in the
// middle of the run, takes another one out and puts it back (EVERY is a power of two, or 0 for never). In a process of its own.
import { FABRICS } from "./fabrics.mjs";
import { least } from "./least.mjs";
import { makeListeners } from "./listeners.mjs";

const LISTENERS = 256;
const [name, every] = process.argv.slice(2);
const period = Number(every);
const fabric = await FABRICS[name]();
const { listeners } = makeListeners("distinct", LISTENERS - 1);
const [half, last] = [LISTENERS / 2, LISTENERS - 2];
let takeOut;
let changes = 0;
for (const [k, listener] of listeners.entries()) {
  if (k === half) fabric.add(change);
  const remove = fabric.add(listener);
  if (k === last) takeOut = remove;
}

let sinceChange = 0;
function change() {
  if (++sinceChange !== period) return;
  sinceChange = 0;
  changes++;
  takeOut();
  takeOut = fabric.add(listeners[last]);
}

// Each batch holds whole periods.
const { nanoseconds } = least(fabric.batch, { atLeast: Math.max(period, 64) });
if (changes === 0 && period > 0) throw new Error("nothing was changed");
console.log(nanoseconds);
