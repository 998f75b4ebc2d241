import { Errno } from "../errno.js";

/** How much of the host's and of our own memory and disk the guest may take with files. */
export interface FileLimits {
  /** Most files that may be open on the host at a time, and most that the guest may add: `--max-files`. */
  readonly files: number;
  /** Most bytes that may be written to the host, files and streams together, and the longest file: `--max-output`. */
  readonly output: number;
  /** Most bytes that files in memory may have. */
  readonly memory: number;
}

/** What limits are unless told otherwise: 100,000 files, 4 GiB of output, 512 MiB of files in memory. */
export const DEFAULT_FILE_LIMITS: FileLimits = { files: 100_000, output: 2 ** 32, memory: 2 ** 29 };

/** What is used up of {@link FileLimits}, by all processes together. */
export interface Budget {
  readonly limits: FileLimits;
  /** Bytes that may still be written to the host. */
  readonly outputLeft: number;
  readonly memoryLeft: number;
  readonly filesLeft: number;
  /**
   * Takes as much of `bytes`, to be written at `position` of a file, as there is left for output.
   * @returns how much: 0 means that the limit is reached, which the user is told.
   */
  takeOutput(bytes: number, position?: number): number;
  /** Takes what a file of the host grows by when its length is set: 0, or -EFBIG, of which the user is told. */
  takeGrowth(from: number, to: number): number;
  /** 0, or -ENOSPC. */
  takeMemory(bytes: number): number;
  giveMemory(bytes: number): void;
  /** One more file in a directory: 0, or -ENOSPC. */
  takeName(): number;
  giveName(): void;
  /** One more open file of the host: 0, or -ENFILE. */
  takeOpen(): number;
  giveOpen(): void;
}

/** @param report tells the user something once per key. */
export function createBudget(limits: FileLimits, report: (key: string, message: string) => void): Budget {
  let output = 0;
  let memory = 0;
  let names = 0;
  let open = 0;
  const tellOutput = (): void =>
    report(
      "max-output",
      `the guest has no more than ${limits.output} bytes to write (EFBIG, SIGXFSZ); allow more with --max-output`,
    );
  return {
    limits,
    get outputLeft() {
      return limits.output - output;
    },
    get memoryLeft() {
      return limits.memory - memory;
    },
    get filesLeft() {
      return limits.files - names;
    },
    takeOutput(bytes, position = 0) {
      const taken = Math.max(0, Math.min(bytes, limits.output - output, limits.output - position));
      output += taken;
      if (taken < bytes) tellOutput();
      return taken;
    },
    takeGrowth(from, to) {
      const growth = Math.max(0, to - from);
      if (to > limits.output || output + growth > limits.output) {
        tellOutput();
        return -Errno.EFBIG;
      }
      output += growth;
      return 0;
    },
    takeMemory(bytes) {
      if (memory + bytes > limits.memory) {
        report("file memory", `files in memory take more than ${limits.memory} bytes (ENOSPC)`);
        return -Errno.ENOSPC;
      }
      memory += bytes;
      return 0;
    },
    giveMemory(bytes) {
      memory -= bytes;
    },
    takeName() {
      if (names >= limits.files) {
        report(
          "max-files",
          `the guest has made ${limits.files} files, and may make no more (ENOSPC); allow more with --max-files`,
        );
        return -Errno.ENOSPC;
      }
      names += 1;
      return 0;
    },
    giveName() {
      names = Math.max(0, names - 1);
    },
    takeOpen() {
      if (open >= limits.files) {
        report(
          "max-files open",
          `the guest has ${limits.files} files open, and may open no more (ENFILE); allow more with --max-files`,
        );
        return -Errno.ENFILE;
      }
      open += 1;
      return 0;
    },
    giveOpen() {
      open -= 1;
    },
  };
}
