import type { Stdio, StdioSet } from "@qpp/emulator";
import type { Progress } from "./progress.js";

/**
 * What is behind the guest's descriptors 0, 1 and 2.
 * @param host this process's own.
 * @param stdoutTaken whether our standard output is for something else; the guest's goes to standard error then.
 */
export function guestStdio(host: StdioSet, stdoutTaken: boolean, progress: Progress): StdioSet {
  const [input, output, error] = host;
  return [input, clearing(stdoutTaken ? error : output, progress), clearing(error, progress)];
}

/** Takes the progress line off the screen before the guest writes on it. */
function clearing(stream: Stdio, progress: Progress): Stdio {
  return {
    ...stream,
    write(bytes) {
      progress.clear();
      stream.write(bytes);
    },
  };
}
