export type { GuestExit } from "./contract/life.js";
export { ElfError } from "./elf/error.js";
export { OPTIONAL_EXTENSIONS, type OptionalExtension } from "./isa/riscv/extensions.js";
export { type LocatedProgram, locateProgram } from "./linux/files/locate-program.js";
export type { FilePermissions } from "./linux/files/sandbox.js";
export { StartError } from "./linux/initial-stack.js";
export { createHostStdio, type Stdio, type StdioSet } from "./linux/stdio.js";
export { createMachine, type Machine, type MachineOptions } from "./machine/machine.js";
