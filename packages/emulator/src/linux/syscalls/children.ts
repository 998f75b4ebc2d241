import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { type Process, usageOf } from "../process.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { ChildCode, childInfo } from "../signals/info.js";
import { Signal } from "../signals/numbers.js";
import { addUsage, storeUsage, ticksOf, type Usage } from "../usage.js";
import { storeBytes, storeWord } from "../user-memory.js";

/** Options of wait(2). */
const Option = {
  NOHANG: 1,
  STOPPED: 2,
  EXITED: 4,
  CONTINUED: 8,
  NOWAIT: 0x0100_0000,
  NOTHREAD: 0x2000_0000,
  ALL: 0x4000_0000,
  CLONE: 0x8000_0000,
} as const;
const KINDS = (Option.NOTHREAD | Option.ALL | Option.CLONE) >>> 0;

/** What there is to tell of a child. */
interface News {
  readonly child: Process;
  readonly code: number;
  /** Exit code or signal. */
  readonly status: number;
}

type Select = (child: Process) => boolean;

/** What a child has to tell that these options ask for. */
function newsOf(child: Process, options: number): News | undefined {
  const { exitStatus, news } = child;
  if (exitStatus !== undefined) {
    if ((options & Option.EXITED) === 0) return undefined;
    return exitStatus.kind === "exit"
      ? { child, code: ChildCode.EXITED, status: exitStatus.code & 0xff }
      : { child, code: ChildCode.KILLED, status: exitStatus.signal };
  }
  if (news === 0) return undefined;
  const code = news === Signal.SIGCONT ? ChildCode.CONTINUED : ChildCode.STOPPED;
  const wanted = news === Signal.SIGCONT ? Option.CONTINUED : Option.STOPPED;
  return options & wanted ? { child, code, status: news } : undefined;
}

function findNews({ process }: Context, select: Select, options: number): News | undefined {
  for (const child of process.children) {
    const news = select(child) ? newsOf(child, options) : undefined;
    if (news !== undefined) return news;
  }
  return undefined;
}

/** Waits for news of the children that are selected, and hands them to `tell`: 0 if there are none yet and NOHANG is set. */
function waitFor(context: Context, select: Select, options: number, tell: (news: News) => number): number {
  if (![...context.process.children].some(select)) return -Errno.ECHILD;
  const news = findNews(context, select, options);
  if (news !== undefined) {
    const result = tell(news);
    if (result >= 0 && (options & Option.NOWAIT) === 0) take(context, news);
    return result;
  }
  if (options & Option.NOHANG) return 0;
  return context.block({
    ready: () =>
      findNews(context, select, options) !== undefined || ![...context.process.children].some(select),
  });
}

/** What was told is not told again; who has ended is forgotten, but for what it has used. */
function take(context: Context, { child }: News): void {
  const { process } = context;
  if (child.exitStatus !== undefined) {
    process.childrenUsage = addUsage(process.childrenUsage, allUsage(child));
    context.kernel.reap(child);
  } else child.news = 0;
}

/** The children that wait4(2)'s `pid` means. */
function selection(context: Context, pid: number): Select {
  if (pid > 0) return (child) => child.pid === pid;
  if (pid === -1) return () => true;
  const group = pid === 0 ? context.process.group : -pid;
  return (child) => child.group === group;
}

/** The status word of wait(2) (WIFEXITED and its like). */
function statusWord({ code, status }: News): number {
  switch (code) {
    case ChildCode.EXITED:
      return status << 8;
    case ChildCode.STOPPED:
      return (status << 8) | 0x7f;
    case ChildCode.CONTINUED:
      return 0xffff;
    default:
      return status;
  }
}

/** What a child and those that it has waited for have used. */
const allUsage = (child: Process): Usage => addUsage(usageOf(child), child.childrenUsage);

function tellUsage(context: Context, address: number, child: Process): number {
  return address === 0 || storeUsage(context.memory, address, allUsage(child)) ? 0 : -Errno.EFAULT;
}

const wait4: Handler = (context, registers) => {
  const pid = intArgument(registers, 0);
  const statusAddress = wordArgument(registers, 1);
  const options = uintArgument(registers, 2);
  const known = (Option.NOHANG | Option.STOPPED | Option.CONTINUED | KINDS) >>> 0;
  if ((options & ~known) !== 0) return -Errno.EINVAL;
  if (pid === -0x8000_0000) return -Errno.ESRCH;
  return waitFor(context, selection(context, pid), options | Option.EXITED, (news) => {
    if (statusAddress !== 0 && storeWord(context, statusAddress, statusWord(news)) < 0) return -Errno.EFAULT;
    return tellUsage(context, wordArgument(registers, 3), news.child) < 0 ? -Errno.EFAULT : news.child.pid;
  });
};

/** What waitid(2) can wait for. */
const P_ALL = 0;
const P_PID = 1;
const P_PGID = 2;

const waitid: Handler = (context, registers) => {
  const type = intArgument(registers, 0);
  const id = intArgument(registers, 1);
  const address = wordArgument(registers, 2);
  const options = uintArgument(registers, 3);
  const states = Option.STOPPED | Option.EXITED | Option.CONTINUED;
  if ((options & ~((states | Option.NOHANG | Option.NOWAIT | KINDS) >>> 0)) !== 0) return -Errno.EINVAL;
  if ((options & states) === 0 || type < P_ALL || type > P_PGID) return -Errno.EINVAL;
  if ((type === P_PID && id <= 0) || (type === P_PGID && id < 0)) return -Errno.EINVAL;
  const select = selection(context, type === P_ALL ? -1 : type === P_PID ? id : -id);
  let told = false;
  const result = waitFor(context, select, options, ({ child, code, status }) => {
    told = true;
    const news = {
      code,
      pid: child.pid,
      uid: context.identity.uid,
      status,
      userTicks: ticksOf(child.cpu.now()),
    };
    if (address !== 0 && storeBytes(context, address, childInfo(Signal.SIGCHLD, news)) < 0)
      return -Errno.EFAULT;
    return tellUsage(context, wordArgument(registers, 4), child);
  });
  // Nobody has news, and NOHANG: si_signo and si_pid are 0 then.
  if (result === 0 && !told && context.wait === undefined && address !== 0) {
    return storeBytes(context, address, new Uint8Array(24));
  }
  return result;
};

/** Waiting for children: wait4(2), waitid(2). */
export const childCalls: HandlerTable = { wait4, waitid };
