import type { Random } from "../linux/random.js";

/** How long threads run before it is another one's turn. */
export interface Turns {
  /** The count of instructions at which the present turn is over. */
  readonly end: number;
  readonly over: boolean;
  /** A turn begins at this count. */
  begin(executed: number): void;
  /** Its end was reached, up to the block that would pass it. */
  finish(): void;
}

/** Instructions in a turn: between half as many and half as many again. */
const USUAL = 100_000;

/** Makes turns of lengths that `random` decides, so that another seed gives another interleaving. */
export function createTurns(random: Random): Turns {
  const bytes = new Uint8Array(2);
  let end = 0;
  let over = true;
  return {
    get end() {
      return end;
    },
    get over() {
      return over;
    },
    begin(executed) {
      random.fill(bytes);
      const fraction = ((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)) / 0x1_0000;
      end = executed + Math.floor(USUAL * (0.5 + fraction));
      over = false;
    },
    finish() {
      over = true;
    },
  };
}
