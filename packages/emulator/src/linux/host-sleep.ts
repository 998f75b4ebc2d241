const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Does nothing for so many milliseconds: this thread of the host sleeps, and hears of nothing meanwhile. */
export function hostSleep(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}
