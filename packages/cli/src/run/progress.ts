import { say } from "../output.js";

/** Shows how far the guest is. */
export interface Progress {
  /** Shows so many instructions in so much time since the start, unless it showed something a moment ago. */
  update(executed: number, milliseconds: number): void;
  /** Makes room for something else on the screen. */
  clear(): void;
}

const TERMINAL_MILLISECONDS = 100;
const LINES_MILLISECONDS = 500;
const ERASE_LINE = "\r\x1b[2K";

/** Nothing. */
export const noProgress: Progress = { update() {}, clear() {} };

/**
 * On a terminal one line that is written over; elsewhere a new line now and then.
 * @param limit number of instructions after which the guest will be stopped, if it will.
 */
export function createProgress(terminal: boolean, limit: number | undefined): Progress {
  const interval = terminal ? TERMINAL_MILLISECONDS : LINES_MILLISECONDS;
  // The first time at once: a guest that is soon done has been seen to run.
  let next = 0;
  let shown = false;
  return {
    update(executed, milliseconds) {
      if (milliseconds < next) return;
      next = milliseconds + interval;
      const line = progressLine(executed, milliseconds, limit);
      say(terminal ? ERASE_LINE + line : `${line}\n`);
      shown = terminal;
    },
    clear() {
      if (shown) say(ERASE_LINE);
      shown = false;
    },
  };
}

/** `321 million instructions, 1.3 s, 254 million/s`, and how much of the limit that is. */
export function progressLine(executed: number, milliseconds: number, limit: number | undefined): string {
  const seconds = milliseconds / 1000;
  const share = limit === undefined ? "" : ` (${Math.floor((100 * executed) / limit)}%)`;
  return `${millions(executed)} million instructions${share}, ${seconds.toFixed(1)} s, ${millions(executed / seconds)} million/s`;
}

function millions(count: number): string {
  const number = count / 1e6;
  return number.toFixed(number < 10 ? 1 : 0);
}
