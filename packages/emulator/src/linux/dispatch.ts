import type { Handler, HandlerTable } from "./context.js";
import { exitCalls } from "./syscalls/exit.js";
import { mappingCalls } from "./syscalls/mapping.js";
import { remappingCalls } from "./syscalls/remapping.js";
import { transferCalls } from "./syscalls/transfer.js";
import { SYSCALLS } from "./table.js";

const FAMILIES: readonly HandlerTable[] = [exitCalls, mappingCalls, remappingCalls, transferCalls];

/** The system calls that are carried out, by number; holes are answered with ENOSYS. */
export const HANDLERS: readonly (Handler | undefined)[] = buildHandlers();

function buildHandlers(): (Handler | undefined)[] {
  const numbers = new Map(SYSCALLS.map((call) => [call.name, call.number]));
  const handlers: (Handler | undefined)[] = new Array((SYSCALLS.at(-1)?.number ?? 0) + 1).fill(undefined);
  for (const [name, handler] of FAMILIES.flatMap((family) => Object.entries(family))) {
    const number = numbers.get(name);
    if (number === undefined) throw new TypeError(`${name} is in no row of the table of system calls`);
    if (handlers[number]) throw new TypeError(`${name} is carried out twice`);
    handlers[number] = handler;
  }
  return handlers;
}
