import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import type { Process } from "../process.js";
import { intArgument } from "../registers.js";

function find(context: Context, pid: number): Process | undefined {
  return pid === 0 ? context.process : context.kernel.processes.get(pid);
}

const getpgid: Handler = (context, registers) =>
  find(context, intArgument(registers, 0))?.group ?? -Errno.ESRCH;

const getsid: Handler = (context, registers) =>
  find(context, intArgument(registers, 0))?.session ?? -Errno.ESRCH;

/** setpgid(2): of the caller, or of a child that has not executed a program yet. */
const setpgid: Handler = (context, registers) => {
  const [pid, wanted] = [intArgument(registers, 0), intArgument(registers, 1)];
  if (wanted < 0) return -Errno.EINVAL;
  const process = find(context, pid);
  if (process === undefined) return -Errno.ESRCH;
  if (process !== context.process) {
    if (process.parent !== context.process) return -Errno.ESRCH;
    if (process.session !== context.process.session) return -Errno.EPERM;
    if (process.executed) return -Errno.EACCES;
  }
  if (process.session === process.pid) return -Errno.EPERM;
  const group = wanted === 0 ? process.pid : wanted;
  if (group !== process.pid && !groupExists(context, group, process.session)) return -Errno.EPERM;
  process.group = group;
  return 0;
};

function groupExists({ kernel }: Context, group: number, session: number): boolean {
  for (const process of kernel.processes.values()) {
    if (process.group === group && process.session === session) return true;
  }
  return false;
}

/** setsid(2): not for the leader of a group. */
const setsid: Handler = ({ process, kernel }) => {
  for (const other of kernel.processes.values()) if (other.group === process.pid) return -Errno.EPERM;
  process.session = process.pid;
  process.group = process.pid;
  return process.pid;
};

/** Process groups and sessions (credentials(7)). */
export const groupCalls: HandlerTable = { getpgid, getsid, setpgid, setsid };
