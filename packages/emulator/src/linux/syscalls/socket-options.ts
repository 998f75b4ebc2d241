import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { InetOption } from "../files/sockets/inet.js";
import { Family, SEND_BUFFER } from "../files/sockets/rules.js";
import { type Socket, takeError } from "../files/sockets/socket.js";
import { SocketType } from "../files/sockets/socket-type.js";
import { intArgument, wordArgument } from "../registers.js";
import { load64 } from "../structures.js";
import { isInet } from "./inet-calls.js";
import { socketAt } from "./socket-lookup.js";

/** Levels (getsockopt(2)): SOL_SOCKET, and the protocols' numbers. */
const Level = { IP: 0, SOCKET: 1, TCP: 6, IPV6: 41 } as const;
const IPPROTO_UDP = 17;
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
  RCVTIMEO: 20,
  SNDTIMEO: 21,
  ACCEPTCONN: 30,
  PROTOCOL: 38,
  DOMAIN: 39,
} as const;

/** Size of a `struct timeval`. */
const TIME_SIZE = 16;
const SECOND = 1_000_000_000;
const MICROSECOND = 1000;
const MICROSECONDS = 1_000_000;

/**
 * What protocols keep for whoever asks, with what it is at first (tcp(7), ip(7), ipv6(7)). It decides how packets travel, and here
 * none do; but for IPV6_V6ONLY, which bind(2) looks at.
 */
const KEPT: Readonly<Record<string, number>> = {
  "6:1": 0, // TCP_NODELAY
  "6:3": 0, // TCP_CORK
  "6:4": 7200, // TCP_KEEPIDLE
  "6:5": 75, // TCP_KEEPINTVL
  "6:6": 9, // TCP_KEEPCNT
  "6:7": 6, // TCP_SYNCNT
  "6:8": 60, // TCP_LINGER2
  "6:9": 0, // TCP_DEFER_ACCEPT
  "6:12": 1, // TCP_QUICKACK
  "6:18": 0, // TCP_USER_TIMEOUT
  "0:1": 0, // IP_TOS
  "0:2": 64, // IP_TTL
  "0:33": 1, // IP_MULTICAST_TTL
  "0:34": 1, // IP_MULTICAST_LOOP
  "41:16": 64, // IPV6_UNICAST_HOPS
  "41:26": 0, // IPV6_V6ONLY
  "41:67": 0, // IPV6_TCLASS
};

/** Options of a socket that are on or off: told as they were set by the internet families, and without effect on local sockets. */
const SWITCHES: ReadonlySet<number> = new Set([
  Option.REUSEADDR,
  Option.REUSEPORT,
  Option.BROADCAST,
  Option.KEEPALIVE,
]);

const keyOf = (level: number, option: number): string => `${level}:${option}`;

/** How long a call may wait on a socket that is to receive (SO_RCVTIMEO) or to send (SO_SNDTIMEO), in nanoseconds; undefined: for ever. */
export function timeoutOf({ options }: Socket, what: "receive" | "send"): number | undefined {
  return (
    options.get(keyOf(Level.SOCKET, what === "receive" ? Option.RCVTIMEO : Option.SNDTIMEO)) || undefined
  );
}

function timeWords(nanoseconds: number): readonly number[] {
  const seconds = Math.floor(nanoseconds / SECOND);
  return [seconds, 0, Math.floor((nanoseconds - seconds * SECOND) / MICROSECOND), 0];
}

function protocolOf({ family, type }: Socket): number {
  if (family === Family.UNIX) return 0;
  return type === SocketType.STREAM ? Level.TCP : IPPROTO_UDP;
}

/** The value of an option of SOL_SOCKET: its words; undefined for one that there is not. */
function optionValue(socket: Socket, option: number): readonly number[] | undefined {
  const kept = socket.options.get(keyOf(Level.SOCKET, option)) ?? 0;
  if (SWITCHES.has(option)) return [kept];
  switch (option) {
    case Option.TYPE:
      return [socket.type];
    case Option.ERROR:
      return [takeError(socket)];
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
      return [socket.family];
    case Option.LINGER:
      return [0, 0];
    case Option.RCVTIMEO:
    case Option.SNDTIMEO:
      return timeWords(kept);
    case Option.PROTOCOL:
      return [protocolOf(socket)];
    default:
      return undefined;
  }
}

/** Whether a socket has options of a level, other than SOL_SOCKET. */
function hasLevel(socket: Socket, level: number): boolean {
  if (level === Level.TCP) return socket.type === SocketType.STREAM;
  return level === Level.IP || (level === Level.IPV6 && socket.family === Family.INET6);
}

/** An option of a protocol: its key, or a negated error number: `unknown` for a level that the socket does not have. */
function keptKey(socket: Socket, level: number, option: number, unknown: number): string | number {
  if (!isInet(socket)) return -Errno.EOPNOTSUPP;
  if (!hasLevel(socket, level)) return -unknown;
  const key = keyOf(level, option);
  return key in KEPT ? key : -Errno.ENOPROTOOPT;
}

const getsockopt: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  const { memory } = context;
  const lengthAddress = wordArgument(registers, 4);
  if (!memory.writable(lengthAddress, 4)) return -Errno.EFAULT;
  const room = memory.view.getInt32(lengthAddress, true);
  if (room < 0) return -Errno.EINVAL;
  const level = intArgument(registers, 1);
  const option = intArgument(registers, 2);
  let words: readonly number[] | undefined;
  if (level === Level.SOCKET) words = optionValue(socket, option);
  else {
    const key = keptKey(socket, level, option, Errno.EOPNOTSUPP);
    if (typeof key === "number") return key;
    words = [socket.options.get(key) ?? KEPT[key] ?? 0];
  }
  if (!words) return -Errno.ENOPROTOOPT;
  const bytes = new Uint8Array(Int32Array.from(words).buffer).subarray(0, room);
  if (!memory.write(wordArgument(registers, 3), bytes)) return -Errno.EFAULT;
  memory.view.setInt32(lengthAddress, bytes.length, true);
  return 0;
};

/** Those that change nothing here; Linux takes them as well. */
const WITHOUT_EFFECT: ReadonlySet<number> = new Set([Option.LINGER, Option.SNDBUF, Option.RCVBUF]);

function setOption(context: Context, socket: Socket, option: number, address: number): number {
  const value = context.memory.view.getInt32(address, true);
  if (option === Option.PASSCRED) {
    socket.wantsCredentials = value !== 0;
    return 0;
  }
  if (SWITCHES.has(option)) {
    if (isInet(socket)) socket.options.set(keyOf(Level.SOCKET, option), value !== 0 ? 1 : 0);
    return 0;
  }
  return WITHOUT_EFFECT.has(option) ? 0 : -Errno.ENOPROTOOPT;
}

function setTimeout({ memory }: Context, socket: Socket, option: number, address: number): number {
  if (!memory.read(address, TIME_SIZE)) return -Errno.EFAULT;
  const seconds = load64(memory, address);
  const microseconds = load64(memory, address + 8);
  if (microseconds < 0 || microseconds >= MICROSECONDS) return -Errno.EDOM;
  const nanoseconds = seconds < 0 ? 0 : seconds * SECOND + microseconds * MICROSECOND;
  socket.options.set(keyOf(Level.SOCKET, option), nanoseconds);
  return 0;
}

const setsockopt: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  const level = intArgument(registers, 1);
  const option = intArgument(registers, 2);
  const address = wordArgument(registers, 3);
  const length = intArgument(registers, 4);
  if (level === Level.SOCKET && (option === Option.RCVTIMEO || option === Option.SNDTIMEO))
    return length < TIME_SIZE ? -Errno.EINVAL : setTimeout(context, socket, option, address);
  const key = level === Level.SOCKET ? "" : keptKey(socket, level, option, Errno.ENOPROTOOPT);
  if (typeof key === "number") return key;
  if (length < 4) return -Errno.EINVAL;
  if (!context.memory.read(address, 4)) return -Errno.EFAULT;
  if (level === Level.SOCKET) return setOption(context, socket, option, address);
  // Which addresses a socket has is settled once it has a port.
  if (key === InetOption.ONLY_V6 && socket.name !== undefined) return -Errno.EINVAL;
  socket.options.set(key, context.memory.view.getInt32(address, true));
  return 0;
};

/** What is set on sockets: getsockopt(2). */
export const optionCalls: HandlerTable = { getsockopt, setsockopt };
