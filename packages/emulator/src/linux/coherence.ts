import type { GuestMemory } from "../memory/guest-memory.js";
import type { Context } from "./context.js";
import { fileKey, mappedFile } from "./mapped-file.js";
import { intArgument, type Registers } from "./registers.js";
import { SYSCALLS } from "./table.js";

/** Which argument of a call is the descriptor that it writes to. */
const WRITERS: ReadonlyMap<string, number> = new Map([
  ["write", 0],
  ["writev", 0],
  ["pwrite64", 0],
  ["pwritev", 0],
  ["pwritev2", 0],
  ["ftruncate", 0],
  ["fallocate", 0],
  ["sendfile", 0],
  ["copy_file_range", 2],
  ["splice", 2],
]);
/** The same by number. */
const DESCRIPTOR_OF: ReadonlyMap<number, number> = new Map(
  SYSCALLS.flatMap(({ name, number }) => {
    const argument = WRITERS.get(name);
    return argument === undefined ? [] : [[number, argument] as const];
  }),
);

/**
 * To be called before each system call: files hold what mappings of them have changed. Costs one comparison while no file
 * is mapped shared.
 */
export function beforeCall({ host, leave }: GuestMemory): void {
  if (host.files.count === 0) return;
  leave();
  host.files.flush();
}

/** To be called after each system call, with its registers as they were: mappings show what it has changed in files. */
export function afterCall(
  context: Pick<Context, "memory" | "descriptors">,
  number: number,
  registers: Registers,
): void {
  const { files } = context.memory.host;
  if (files.count === 0) return;
  const argument = DESCRIPTOR_OF.get(number);
  const file = argument === undefined ? undefined : context.descriptors.get(intArgument(registers, argument));
  if (file) files.get(fileKey(file.status()))?.refresh(0, mappedFile(file).size());
  files.refreshResized();
  context.memory.enter();
}
