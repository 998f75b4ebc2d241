import { busyboxCommands } from "./busybox.js";
import type { RealCommand } from "./command.js";
import { coreCommands } from "./core.js";
import { pythonCommands } from "./python.js";
import { shellCommands } from "./shell.js";
import { textCommands } from "./text.js";
import { toolCommands } from "./tools.js";

/** All command lines that are compared with QEMU. */
export const commands: readonly RealCommand[] = [
  ...shellCommands,
  ...coreCommands,
  ...textCommands,
  ...busyboxCommands,
  ...pythonCommands,
  ...toolCommands,
];
