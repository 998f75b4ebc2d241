import { isatty } from "node:tty";
import type { Stdio, StdioSet } from "@qpp/emulator";
import type { Progress } from "./progress.js";
import { terminalInput } from "./terminal-input.js";

const STDIN = 0;

/**
 * What is behind the guest's descriptors 0, 1 and 2.
 * @param host this process's own.
 * @param stdoutTaken whether our standard output is for something else; the guest's goes to standard error then.
 * @param interrupted called when Ctrl-C is pressed while the guest waits for input.
 */
export function guestStdio(
  host: StdioSet,
  stdoutTaken: boolean,
  progress: Progress,
  interrupted: () => void,
): StdioSet {
  const [direct, output, error] = host;
  const input = isatty(STDIN) ? terminalInput(direct, interrupted) : direct;
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
