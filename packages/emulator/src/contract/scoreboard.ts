/** One u64 for each vCPU, at one offset of a scoreboard (QEMU: `qemu_plugin_u64`). Wraps at 2^64. */
export interface ScoreboardEntry {
  /** Where it lies. */
  readonly scoreboard: Scoreboard;
  /** Which of the scoreboard's entries. */
  readonly index: number;
  /** @throws RangeError for a vCPU that does not exist. */
  get(vcpu: number): number;
  /** @throws RangeError for a vCPU that does not exist. */
  set(vcpu: number, value: number): void;
  /** @throws RangeError for a vCPU that does not exist. */
  add(vcpu: number, value: number): void;
  /** Over all vCPUs. Numbers are exact up to 2^53. */
  sum(): number;
}

/**
 * Per-vCPU storage in the machine's memory, which inline operations and conditions work on. It grows with the number of
 * vCPUs; new entries start at 0. A thread that gets the index of one that has ended goes on with its entries, as in QEMU, so that
 * sums are over all threads there were; who wants them at 0 sets them when the vCPU is `initialized`. It lives until the plugin
 * that made it is uninstalled (QEMU: `scoreboard_free`).
 */
export interface Scoreboard {
  /** Number of entries for each vCPU. */
  readonly size: number;
  /** @throws RangeError unless 0 <= index < size. */
  entry(index: number): ScoreboardEntry;
  /** One vCPU's entries, in place (QEMU: `scoreboard_find`); the view is valid until the next vCPU starts. */
  of(vcpu: number): BigUint64Array;
}

/** Makes scoreboards, which belong to the plugin that asks. */
export interface Scoreboards {
  /** Per-vCPU storage of `size` u64 entries (QEMU: `scoreboard_new`). @throws RangeError, MachineMemoryError */
  create(size: number): Scoreboard;
}
