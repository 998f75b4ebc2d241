// node allocation.mjs COUNT: bytes allocated by one event with COUNT direct listeners, in a process of its own.
import { FABRICS } from "./fabrics.mjs";
import { makeListeners } from "./listeners.mjs";

/** So few that no collection falls into most chunks; one that does frees more than was allocated, and its chunk is left out. */
const CHUNK = 20_000;
const CHUNKS = 200;

const count = Number(process.argv[2]);
const fabric = await FABRICS.QPP();
for (const listener of makeListeners("distinct", count).listeners) fabric.add(listener);
for (let i = 0; i < 40; i++) fabric.batch(CHUNK);

const grown = [];
for (let i = 0; i < CHUNKS; i++) {
  const before = process.memoryUsage().heapUsed;
  fabric.batch(CHUNK);
  grown.push(process.memoryUsage().heapUsed - before);
}
// Reading the memory's use allocates a little itself, once a chunk: whole bytes an event are what counts.
const kept = grown.filter((bytes) => bytes >= 0).sort((a, b) => a - b);
console.log(Math.floor((kept[kept.length >> 1] ?? Number.NaN) / CHUNK));
