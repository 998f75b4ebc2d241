import { spawnSync } from "node:child_process";
import type { Stdio } from "@qpp/emulator";

/** What a terminal hands over at once at most (N_TTY_BUF_SIZE of Linux). */
const LONGEST_LINE = 4096;

/**
 * A terminal as the guest's input. While this process waits in a read of its own, Node tells it of no signal, and
 * Ctrl-C would have to wait for the next line. A child that does the waiting dies of it instead. One that falls in the
 * millisecond before there is a child is seen with the next line, or the next Ctrl-C.
 * @param direct reads in this process, where there is no such child to be had.
 * @param interrupted called when Ctrl-C was pressed during a read, which then finds the end of the input.
 */
export function terminalInput(direct: Stdio, interrupted: () => void): Stdio {
  return {
    ...direct,
    read(into) {
      const size = Math.min(into.length, LONGEST_LINE);
      if (size === 0) return 0;
      const { stdout, signal, error } = spawnSync("dd", [`bs=${size}`, "count=1", "status=none"], {
        stdio: ["inherit", "pipe", "inherit"],
      });
      if (error !== undefined) return direct.read(into);
      if (signal === "SIGINT") {
        interrupted();
        return 0;
      }
      into.set(stdout);
      return stdout.length;
    },
  };
}
