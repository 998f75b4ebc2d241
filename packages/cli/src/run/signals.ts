/** Signals that ask for the end of the run, and their numbers. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;
type Name = keyof typeof SIGNALS;

/**
 * Has `interrupt` called for the first signal, with 128 + its number; a second one ends the process at once.
 * @returns a function that lets signals do again what they do by default.
 */
export function watchSignals(interrupt: (signal: string, exitCode: number) => void): () => void {
  let came = false;
  const listener = (signal: Name): void => {
    const exitCode = 128 + SIGNALS[signal];
    if (came) process.exit(exitCode);
    came = true;
    interrupt(signal, exitCode);
  };
  const names = Object.keys(SIGNALS) as Name[];
  for (const name of names) process.on(name, listener);
  return () => {
    for (const name of names) process.off(name, listener);
  };
}
