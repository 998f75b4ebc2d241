import type { Handler, HandlerTable } from "./context.js";
import { attributeCalls } from "./syscalls/attributes.js";
import { childCalls } from "./syscalls/children.js";
import { copyingCalls } from "./syscalls/copying.js";
import { descriptorCalls } from "./syscalls/descriptors.js";
import { directoryCalls } from "./syscalls/directories.js";
import { eventCalls } from "./syscalls/events.js";
import { executeCalls } from "./syscalls/execute.js";
import { fileCalls } from "./syscalls/files.js";
import { futexCalls } from "./syscalls/futex.js";
import { groupCalls } from "./syscalls/groups.js";
import { identityCalls } from "./syscalls/identity.js";
import { lockingCalls } from "./syscalls/locking.js";
import { mappingCalls } from "./syscalls/mapping.js";
import { openingCalls } from "./syscalls/opening.js";
import { pipeCalls } from "./syscalls/pipes.js";
import { pollCalls } from "./syscalls/poll.js";
import { privilegedCalls } from "./syscalls/privileged.js";
import { processCalls } from "./syscalls/process.js";
import { randomCalls } from "./syscalls/random.js";
import { remappingCalls } from "./syscalls/remapping.js";
import { riscvCalls } from "./syscalls/riscv.js";
import { sendingCalls } from "./syscalls/sending.js";
import { signalCalls } from "./syscalls/signals.js";
import { socketCalls } from "./syscalls/sockets.js";
import { statusCalls } from "./syscalls/status.js";
import { systemCalls } from "./syscalls/system.js";
import { threadCalls } from "./syscalls/threads.js";
import { timeCalls } from "./syscalls/time.js";
import { timerCalls } from "./syscalls/timers.js";
import { transferCalls } from "./syscalls/transfer.js";
import { SYSCALLS } from "./table.js";

const FAMILIES: readonly HandlerTable[] = [
  attributeCalls,
  copyingCalls,
  descriptorCalls,
  directoryCalls,
  eventCalls,
  fileCalls,
  identityCalls,
  lockingCalls,
  mappingCalls,
  openingCalls,
  pipeCalls,
  pollCalls,
  privilegedCalls,
  processCalls,
  randomCalls,
  remappingCalls,
  sendingCalls,
  riscvCalls,
  signalCalls,
  socketCalls,
  statusCalls,
  systemCalls,
  threadCalls,
  childCalls,
  futexCalls,
  groupCalls,
  executeCalls,
  timeCalls,
  timerCalls,
  transferCalls,
];

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
