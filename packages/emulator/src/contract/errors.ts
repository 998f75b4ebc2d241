import { QppError } from "@qpp/core";

/** Asked for something that exists in full-system emulation only. */
export class SystemModeOnlyError extends QppError {
  constructor(what: string) {
    super(
      "QPP_SYSTEM_MODE_ONLY",
      `${what} exists in system mode only; this machine runs one user-mode program`,
    );
  }
}

/** A callback used registers in a way that it was not registered for. */
export class RegisterAccessError extends QppError {
  constructor(what: string, needed: string, given: string) {
    super(
      "QPP_REGISTER_ACCESS",
      `${what} needs a callback registered with { registers: "${needed}" }; this one has "${given}"`,
    );
  }
}

/** No register of that name. */
export class UnknownRegisterError extends QppError {
  constructor(name: string) {
    super(
      "QPP_UNKNOWN_REGISTER",
      `there is no register "${name}"; names are gdb's: zero, ra, sp, …, pc, ft0, …, fcsr`,
    );
  }
}

/** A second plugin asked for the guest's clock. */
export class ClockOwnedError extends QppError {
  constructor(owner: string) {
    super("QPP_CLOCK_OWNED", `the guest's clock belongs to plugin "${owner}" until it releases it`);
  }
}

/** The machine's own memory (blocks, rings, scoreboards) is used up. */
export class MachineMemoryError extends QppError {
  constructor(what: string, bytes: number) {
    super("QPP_MACHINE_MEMORY", `no room for ${what} (${bytes} bytes) in the machine's own memory`);
  }
}
