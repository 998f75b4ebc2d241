import type { GuestMemory } from "../memory/guest-memory.js";
import { FUEL } from "../memory/layout.js";

/**
 * The instructions that the interpreter may still execute. It takes a block's instructions off on entry, and
 * comes back at the first block that there is not enough for.
 */
export interface Fuel {
  /** Instructions taken off so far: all those of every block that was entered. */
  readonly used: number;
  /** Instructions that may still be executed. */
  readonly left: number;
  /** Has the interpreter come back once `used` would pass this count. */
  limit(used: number): void;
  /** Gives back what a block has not executed. */
  refund(insns: number): void;
  /** Takes off what has been executed after all. */
  spend(insns: number): void;
  /** Has the interpreter come back at the next block, whatever is left. */
  hold(): void;
  /** Lets it go on with what was left. */
  release(): void;
}

/** Makes the fuel of a machine that has executed nothing. */
export function createFuel(memory: GuestMemory): Fuel {
  const { view } = memory;
  let granted = 0;
  let holding = false;
  /** What is left, while it is held back. */
  let held = 0;

  function read(): number {
    return view.getUint32(FUEL, true) + view.getInt32(FUEL + 4, true) * 0x1_0000_0000;
  }

  function write(value: number): void {
    view.setUint32(FUEL, value % 0x1_0000_0000, true);
    view.setInt32(FUEL + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  function refund(insns: number): void {
    if (holding) held += insns;
    else write(read() + insns);
  }

  write(0);
  return {
    get used() {
      return granted - held - read();
    },
    get left() {
      return held + read();
    },
    limit(used) {
      const left = Math.max(0, used - (granted - held - read()));
      granted += left - (held + read());
      holding = false;
      held = 0;
      write(left);
    },
    refund,
    spend: (insns) => refund(-insns),
    hold() {
      holding = true;
      held += read();
      write(0);
    },
    release() {
      holding = false;
      write(held + read());
      held = 0;
    },
  };
}
