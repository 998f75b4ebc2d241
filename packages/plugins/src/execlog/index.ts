import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { execlogArguments } from "./arguments.js";
import { execlog } from "./contract.js";
import { createLineBytes } from "./line-bytes.js";
import type { TakeLines } from "./lines.js";
import { createRegisterLines } from "./register-lines.js";
import { createFilter } from "./selection.js";

const FILE = "execlog.txt";

/** Logs executed instructions, their accesses, and changes of registers: QEMU's `execlog` plugin. */
export default plugin(execlog, {
  description: "Logs executed instructions with their accesses, and changes of registers",
  requires: { machine },
  args: execlogArguments,
  install({ machine, args, log, open, onDispose, report, summary }) {
    const file = open(FILE);
    const takeLines: TakeLines =
      file === undefined
        ? (lines) => log((typeof lines === "string" ? lines : new TextDecoder().decode(lines)).trimEnd())
        : (lines) => file.write(lines);
    const lines = args.reg.length > 0 ? createRegisterLines(args, takeLines) : createLineBytes(takeLines);
    // First: what is recorded is handed over before this is called.
    onDispose(() => lines.end());
    lines.watch(machine, createFilter(args));
    machine.exited.register(() => lines.end());

    report(() => ({
      file: file === undefined ? null : FILE,
      instructions: lines.instructions,
      accesses: lines.accesses,
    }));
    summary(() => {
      const { instructions, accesses } = lines;
      const where = file === undefined ? "" : ` in ${FILE}`;
      return `${instructions} instructions with ${accesses} accesses logged${where}`;
    });
    return { instructions: () => lines.instructions, accesses: () => lines.accesses };
  },
});
