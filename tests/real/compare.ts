import { expect, test } from "vitest";
import type { RealCommand } from "./commands/command.js";
import { here, type Left, underQemu } from "./overlay.js";

/** What may differ: the numbers of processes in what bash says of those that were killed. */
function comparable({ code, stdout, stderr }: Left): Left {
  return { code, stdout, stderr: stderr.replace(/(line \d+:) +\d+ /g, "$1 PID ") };
}

/** One test for each command line: the same output, errors and exit code here and under QEMU. */
export function compareAll(commands: readonly RealCommand[]): void {
  for (const { name, argv, input } of commands) {
    test(name, () => {
      expect(comparable(here(argv, input))).toEqual(comparable(underQemu(argv, input)));
    }, 600_000);
  }
}
