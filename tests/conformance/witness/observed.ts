/** What a run of a guest shows. */
export interface Observed {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Exit code, or 128 + the signal that ended it. Undefined if it has not ended. */
  readonly code: number | undefined;
  /** Instructions executed, where that is known. */
  readonly executed?: number;
}
