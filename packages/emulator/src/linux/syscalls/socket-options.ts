import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { AF_UNIX, SEND_BUFFER, type UnixSocket } from "../files/unix-socket.js";
import { intArgument, wordArgument } from "../registers.js";
import { socketAt } from "./socket-lookup.js";

const SOL_SOCKET = 1;
/** Options of socket(7) (include/uapi/asm-generic/socket.h). */
const Option = {
  REUSEADDR: 2,
  TYPE: 3,
  ERROR: 4,
  BROADCAST: 6,
  SNDBUF: 7,
  RCVBUF: 8,
  KEEPALIVE: 9,
  LINGER: 13,
  REUSEPORT: 15,
  PASSCRED: 16,
  PEERCRED: 17,
  ACCEPTCONN: 30,
  PROTOCOL: 38,
  DOMAIN: 39,
} as const;

/** The value of an option: its words; undefined for one that there is not. */
function optionValue(socket: UnixSocket, option: number): readonly number[] | undefined {
  switch (option) {
    case Option.TYPE:
      return [socket.type];
    case Option.ERROR: {
      const { error } = socket;
      socket.error = 0;
      return [error];
    }
    case Option.SNDBUF:
    case Option.RCVBUF:
      return [SEND_BUFFER];
    case Option.PASSCRED:
      return [socket.wantsCredentials ? 1 : 0];
    case Option.PEERCRED: {
      const { peerOwner } = socket;
      return peerOwner ? [peerOwner.pid, peerOwner.uid, peerOwner.gid] : [0, -1, -1];
    }
    case Option.ACCEPTCONN:
      return [socket.backlog === undefined ? 0 : 1];
    case Option.DOMAIN:
      return [AF_UNIX];
    case Option.LINGER:
      return [0, 0];
    case Option.REUSEADDR:
    case Option.REUSEPORT:
    case Option.BROADCAST:
    case Option.KEEPALIVE:
    case Option.PROTOCOL:
      return [0];
    default:
      return undefined;
  }
}

const getsockopt: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  const { memory } = context;
  const lengthAddress = wordArgument(registers, 4);
  if (!memory.writable(lengthAddress, 4)) return -Errno.EFAULT;
  const room = memory.view.getInt32(lengthAddress, true);
  if (room < 0) return -Errno.EINVAL;
  if (intArgument(registers, 1) !== SOL_SOCKET) return -Errno.EOPNOTSUPP;
  const words = optionValue(socket, intArgument(registers, 2));
  if (!words) return -Errno.ENOPROTOOPT;
  const bytes = new Uint8Array(Int32Array.from(words).buffer).subarray(0, room);
  if (!memory.write(wordArgument(registers, 3), bytes)) return -Errno.EFAULT;
  memory.view.setInt32(lengthAddress, bytes.length, true);
  return 0;
};

/** Those that change nothing for a local socket; Linux takes them as well. */
const WITHOUT_EFFECT: ReadonlySet<number> = new Set([
  Option.REUSEADDR,
  Option.REUSEPORT,
  Option.BROADCAST,
  Option.KEEPALIVE,
  Option.LINGER,
  Option.SNDBUF,
  Option.RCVBUF,
]);

function setOption(context: Context, socket: UnixSocket, option: number, address: number): number {
  if (option === Option.PASSCRED) {
    socket.wantsCredentials = context.memory.view.getInt32(address, true) !== 0;
    return 0;
  }
  return WITHOUT_EFFECT.has(option) ? 0 : -Errno.ENOPROTOOPT;
}

const setsockopt: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  if (intArgument(registers, 1) !== SOL_SOCKET) return -Errno.EOPNOTSUPP;
  const address = wordArgument(registers, 3);
  if (intArgument(registers, 4) < 4) return -Errno.EINVAL;
  if (!context.memory.read(address, 4)) return -Errno.EFAULT;
  return setOption(context, socket, intArgument(registers, 2), address);
};

/** What is set on sockets: getsockopt(2). */
export const optionCalls: HandlerTable = { getsockopt, setsockopt };
