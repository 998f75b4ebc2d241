import {
  createHostStdio,
  createMachine,
  ElfError,
  type Machine,
  type MachineOptions,
  StartError,
} from "@qpp/emulator";
import { Failure } from "./failure.js";
import { placeholderProgram } from "./placeholder.js";
import { readProgram } from "./read-program.js";

/** A machine with a program in it. @throws Failure if the program cannot be run. */
export function makeMachine(options: MachineOptions): Machine {
  try {
    return createMachine(options);
  } catch (error) {
    if (error instanceof ElfError || error instanceof StartError)
      throw new Failure(`${options.path}: ${error.message}`);
    throw error;
  }
}

/**
 * A machine that is not to run, for plugins to be installed on.
 * @param path its program; without one, a program that does nothing takes its place.
 * @throws Failure if there is no such program.
 */
export function idleMachine(path?: string): Machine {
  return makeMachine({
    path: path ?? "placeholder",
    image: path === undefined ? placeholderProgram() : readProgram(path),
    args: [],
    env: {},
    files: { cwd: process.cwd(), allowRead: [], allowWrite: [] },
    stdio: createHostStdio(),
    seed: 0,
    report: () => {},
  });
}
