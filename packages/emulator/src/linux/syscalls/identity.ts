import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { storeWord } from "../user-memory.js";

/** "Leave it as it is", for the calls that set several ids (setresuid(2)). */
const UNCHANGED = 0xffff_ffff;

const userId: Handler = (context) => context.identity.uid;
const groupId: Handler = (context) => context.identity.gid;

/** An ordinary user may only become who it is. */
function become(own: (context: Context) => number, count: number): Handler {
  return (context, registers) => {
    for (let index = 0; index < count; index += 1) {
      const id = uintArgument(registers, index);
      if (id !== UNCHANGED && id !== own(context)) return -Errno.EPERM;
      if (id === UNCHANGED && count === 1) return -Errno.EINVAL;
    }
    return 0;
  };
}

function storeThree(own: (context: Context) => number): Handler {
  return (context, registers) => {
    for (let index = 0; index < 3; index += 1) {
      if (storeWord(context, wordArgument(registers, index), own(context)) < 0) return -Errno.EFAULT;
    }
    return 0;
  };
}

const uid = (context: Context): number => context.identity.uid;
const gid = (context: Context): number => context.identity.gid;

/** Who the process is: getpid(2), getuid(2), setuid(2). */
export const identityCalls: HandlerTable = {
  getpid: (context) => context.identity.pid,
  getppid: (context) => context.identity.ppid,
  getuid: userId,
  geteuid: userId,
  getgid: groupId,
  getegid: groupId,
  getresuid: storeThree(uid),
  getresgid: storeThree(gid),
  setuid: become(uid, 1),
  setgid: become(gid, 1),
  setreuid: become(uid, 2),
  setregid: become(gid, 2),
  setresuid: become(uid, 3),
  setresgid: become(gid, 3),
  getgroups: (_context, registers) => (intArgument(registers, 0) < 0 ? -Errno.EINVAL : 0),
};
