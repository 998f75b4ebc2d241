import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

const SETS = 64;
const WAYS = 8;
const LINE_SHIFT = 6;

/**
 * Simulates a first-level data cache: 32 KiB, 8 ways, lines of 64 bytes, the least recently used line goes. An access
 * counts by its first byte, stores like loads.
 */
export default plugin("cache", {
  requires: { machine },
  install({ machine, report }) {
    // Lines of each set, the latest first; numbers of lines plus 1, so that 0 is none.
    const sets = new Uint32Array(SETS * WAYS);
    let accesses = 0;
    let misses = 0;
    machine.memory.accessed.batch(({ length, address }) => {
      for (let i = 0; i < length; i++) {
        const index = (address[i] ?? 0) >>> LINE_SHIFT;
        const line = index + 1;
        const latest = (index % SETS) * WAYS;
        if (sets[latest] !== line && !toFront(sets, latest, line)) misses++;
      }
      accesses += length;
    });
    report(() => ({ accesses, misses }));
  },
});

/** Makes a line the latest of its set; whether it was there. */
function toFront(sets: Uint32Array, latest: number, line: number): boolean {
  const last = latest + WAYS - 1;
  let at = latest + 1;
  while (at < last && sets[at] !== line) at++;
  const hit = sets[at] === line;
  for (; at > latest; at--) sets[at] = sets[at - 1] ?? 0;
  sets[latest] = line;
  return hit;
}
