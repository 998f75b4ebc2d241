import type { Instruction } from "./instruction.js";
import { privileged } from "./privileged.js";
import { rv64a } from "./rv64a.js";
import { rv64d } from "./rv64d.js";
import { rv64f } from "./rv64f.js";
import { rv64i } from "./rv64i.js";
import { rv64m } from "./rv64m.js";
import { zba } from "./zba.js";
import { zbb } from "./zbb.js";
import { zbs } from "./zbs.js";
import { zicond } from "./zicond.js";
import { zicsr } from "./zicsr.js";
import { zifencei } from "./zifencei.js";

/** Every instruction of 32 bits. `instructions[i].id` is `i`. */
export const instructions: readonly Instruction[] = [
  ...rv64i,
  ...rv64m,
  ...rv64a,
  ...rv64f,
  ...rv64d,
  ...zicsr,
  ...zifencei,
  ...privileged,
  ...zba,
  ...zbb,
  ...zbs,
  ...zicond,
].map((row, id) => Object.assign(row, { id }));

const byName: ReadonlyMap<string, Instruction> = new Map(instructions.map((i) => [i.name, i]));

/**
 * The instruction with this mnemonic, as `objdump -M no-aliases` writes it and without `.aq` and `.rl`.
 *
 * @throws Error if there is none.
 */
export function instructionNamed(name: string): Instruction {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`no instruction is called "${name}"`);
  return found;
}
