/** Signals that ask for the end of the run, and their numbers. */
export const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** The name of one of them. */
export type Signal = keyof typeof SIGNALS;

/**
 * Has `interrupt` called for the first signal; a second one ends the process at once.
 * @returns a function that lets signals do again what they do by default.
 */
export function watchSignals(interrupt: (signal: Signal) => void): () => void {
  let came = false;
  const listener = (signal: Signal): void => {
    if (came) process.exit(128 + SIGNALS[signal]);
    came = true;
    interrupt(signal);
  };
  const names = Object.keys(SIGNALS) as Signal[];
  for (const name of names) process.on(name, listener);
  return () => {
    for (const name of names) process.off(name, listener);
  };
}
