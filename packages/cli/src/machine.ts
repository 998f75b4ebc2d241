import { createMachine, ElfError, type Machine, type MachineOptions, StartError } from "@qpp/emulator";
import { Failure } from "./failure.js";

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
