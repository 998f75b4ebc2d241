// node dispatch.mjs FABRIC KIND COUNT: nanoseconds of one event with COUNT listeners, in a process of its own.
import { FABRICS } from "./fabrics.mjs";
import { least } from "./least.mjs";
import { checkListeners, makeListeners } from "./listeners.mjs";

const [name, kind, count] = process.argv.slice(2);
const fabric = await FABRICS[name]();
const { cells, listeners } = makeListeners(kind, Number(count));
for (const listener of listeners) fabric.add(listener);
const { nanoseconds, events, batches } = least(fabric.batch, {
  fresh() {
    for (const own of cells) own.fill(0);
  },
});
checkListeners(cells, events, batches);
console.log(nanoseconds);
