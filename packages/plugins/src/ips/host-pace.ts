const MILLISECOND = 1_000_000;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Has the host take as long as the guest: what it gives is to be called after each piece of the guest's time, in nanoseconds, and
 * sleeps for what the host was faster. What the host was slower is not caught up with.
 */
export function hostPace(): (nanoseconds: number) => void {
  let last = performance.now();
  return (nanoseconds) => {
    const ahead = nanoseconds / MILLISECOND - (performance.now() - last);
    if (ahead > 0) Atomics.wait(sleeper, 0, 0, ahead);
    last = performance.now();
  };
}
