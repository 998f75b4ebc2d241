import { unzigzag } from "../bytes.js";
import type { Columns } from "./events.js";
import type { PlaceTable } from "./place-table.js";
import { Tokens } from "./tokens.js";

/** Values of accesses, each told by how much it differs from the last one of its site. */
export class Values {
  readonly #tokens = new Tokens();
  #lows = new Int32Array(0);
  #highs = new Int32Array(0);

  get overrun(): boolean {
    return this.#tokens.overrun;
  }

  /** Goes on with those of another chunk, after which there are so many places. */
  enter(bytes: Uint8Array, places: number): void {
    this.#tokens.enter(bytes);
    if (places <= this.#lows.length) return;
    const [lows, highs] = [new Int32Array(2 * places), new Int32Array(2 * places)];
    lows.set(this.#lows);
    highs.set(this.#highs);
    this.#lows = lows;
    this.#highs = highs;
  }

  /** Puts in the values of the first `count` events; 0 for blocks. */
  read({ place, valueLow, valueHigh }: Columns, count: number, { ends, wide }: PlaceTable): void {
    const [lows, highs] = [this.#lows, this.#highs];
    for (let i = 0; i < count; i++) {
      const at = place[i] ?? 0;
      if ((ends[at] ?? 0) > 0) {
        valueLow[i] = 0;
        valueHigh[i] = 0;
        continue;
      }
      const low = ((lows[at] ?? 0) + unzigzag(this.#tokens.varint())) | 0;
      lows[at] = low;
      valueLow[i] = low;
      if (wide[at] === 0) {
        valueHigh[i] = 0;
        continue;
      }
      const high = ((highs[at] ?? 0) + unzigzag(this.#tokens.varint())) | 0;
      highs[at] = high;
      valueHigh[i] = high;
    }
  }
}
