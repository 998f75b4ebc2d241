/** What a plugin that tests the machine has found to be so. */
export interface Checks {
  /**
   * Holds what was found against what must be; counts it.
   *
   * @param what is checked, for the result and the message
   * @throws Error telling what was found, which makes the plugin's fault of it
   */
  expect(what: string, found: unknown, expected: unknown): void;
  /** How often each thing was checked, in the order of their first checks. */
  counts(): Readonly<Record<string, number>>;
}

/** Makes an empty list of checks. */
export function createChecks(): Checks {
  const counts = new Map<string, number>();
  return {
    expect(what, found, expected) {
      if (found !== expected) throw new Error(`${what}: found ${found}, but it must be ${expected}`);
      counts.set(what, (counts.get(what) ?? 0) + 1);
    },
    counts: () => Object.fromEntries(counts),
  };
}
