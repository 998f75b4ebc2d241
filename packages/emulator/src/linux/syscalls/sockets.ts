import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { OpenFlag } from "../files/open-file.js";
import {
  AF_UNIX,
  accept,
  connect,
  connectPair,
  createUnixSocket,
  SocketType,
  shutdown,
  type UnixSocket,
} from "../files/unix-socket.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { addPair, originOf } from "./pipes.js";
import { loadAddress, storeAddress } from "./socket-address.js";
import { abstractPlace, placeOf, socketAt, socketNamed } from "./socket-lookup.js";
import { messageCalls } from "./socket-messages.js";
import { optionCalls } from "./socket-options.js";

const AF_UNSPEC = 0;
const AF_INET = 2;
const AF_INET6 = 10;
/** The bits of socket(2)'s type that are the type. */
const TYPE_MASK = 0xf;
const SOCK_RAW = 3;
const STATUS_FLAGS = OpenFlag.CLOEXEC | OpenFlag.NONBLOCK;
/** net.core.somaxconn. */
const LONGEST_BACKLOG = 4096;

const isNetwork = (family: number): boolean => family === AF_INET || family === AF_INET6;

/** What the arguments of socket(2) ask for: a type of local socket, or a negated error number. */
function checkKind(context: Context, registers: Registers): SocketType | number {
  const family = intArgument(registers, 0);
  const type = uintArgument(registers, 1);
  const protocol = intArgument(registers, 2);
  if (type & ~(TYPE_MASK | STATUS_FLAGS)) return -Errno.EINVAL;
  if (isNetwork(family)) {
    context.reportOnce("network", "socket: the guest has no network (EACCES); local sockets (AF_UNIX) work");
    return -Errno.EACCES;
  }
  if (family !== AF_UNIX) return -Errno.EAFNOSUPPORT;
  if (protocol !== 0 && protocol !== AF_UNIX) return -Errno.EPROTONOSUPPORT;
  switch (type & TYPE_MASK) {
    case SocketType.STREAM:
      return SocketType.STREAM;
    case SocketType.DGRAM:
    case SOCK_RAW:
      return SocketType.DGRAM;
    case SocketType.SEQPACKET:
      return SocketType.SEQPACKET;
    default:
      return -Errno.ESOCKTNOSUPPORT;
  }
}

function makeSocket(context: Context, type: SocketType, flags: number): UnixSocket {
  const { pid, uid, gid } = context.identity;
  return createUnixSocket(originOf(context), type, { pid, uid, gid }, flags & OpenFlag.NONBLOCK);
}

const isType = (kind: number): kind is SocketType => kind > 0;

const socket: Handler = (context, registers) => {
  const type = checkKind(context, registers);
  if (!isType(type)) return type;
  const flags = uintArgument(registers, 1);
  return context.descriptors.add(makeSocket(context, type, flags), (flags & OpenFlag.CLOEXEC) !== 0);
};

const socketpair: Handler = (context, registers) => {
  if (isNetwork(intArgument(registers, 0))) return -Errno.EOPNOTSUPP;
  const type = checkKind(context, registers);
  if (!isType(type)) return type;
  const flags = uintArgument(registers, 1);
  const ends = [makeSocket(context, type, flags), makeSocket(context, type, flags)] as const;
  connectPair(ends[0], ends[1]);
  return addPair(context, wordArgument(registers, 3), ends, flags);
};

/** Paths are kept in memory: no file appears, and the name is free again when the socket is closed. */
const bind: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  const given = loadAddress(context, wordArgument(registers, 1), intArgument(registers, 2));
  if (typeof given === "number") return given;
  const { sockets } = context.kernel.ipc;
  const name = given === "" ? freeName(sockets, self.type) : given;
  const isAbstract = name.startsWith("\0");
  if (isAbstract && self.name !== undefined) return -Errno.EINVAL;
  const place = isAbstract ? abstractPlace(name, self.type) : placeOf(context, name, "write");
  if (typeof place === "number") return place;
  if (sockets.has(place)) return -Errno.EADDRINUSE;
  if (self.name !== undefined) return -Errno.EINVAL;
  sockets.set(place, self);
  self.name = name;
  self.boundTo = place;
  return 0;
};

/** An abstract name that the kernel chooses: five hexadecimal digits (unix(7), "Autobind feature"). */
function freeName(taken: ReadonlyMap<string, unknown>, type: SocketType): string {
  for (let number = 0; ; number += 1) {
    const name = `\0${number.toString(16).padStart(5, "0")}`;
    if (!taken.has(abstractPlace(name, type))) return name;
  }
}

const listen: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  if (self.type === SocketType.DGRAM) return -Errno.EOPNOTSUPP;
  if (self.name === undefined || self.connected) return -Errno.EINVAL;
  self.backlog = Math.min(uintArgument(registers, 1), LONGEST_BACKLOG);
  return 0;
};

const connectCall: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  const address = wordArgument(registers, 1);
  const length = intArgument(registers, 2);
  const family = context.memory.read(address, 2);
  if (family && length >= 2 && context.memory.view.getUint16(address, true) === AF_UNSPEC) {
    if (self.type !== SocketType.DGRAM) return -Errno.EINVAL;
    self.peer = undefined;
    return 0;
  }
  const name = loadAddress(context, address, length);
  if (typeof name === "number") return name;
  const target = socketNamed(context, name, self.type);
  if (typeof target === "number") return target;
  const result = connect(self, target);
  if (result !== -Errno.EAGAIN || self.flags & OpenFlag.NONBLOCK) return result;
  const hasPlace = (): boolean => target.gone || target.waiting.length <= (target.backlog ?? -1);
  return context.block({ ready: hasPlace });
};

function acceptWith(context: Context, registers: Registers, flags: number): number {
  if (flags & ~STATUS_FLAGS) return -Errno.EINVAL;
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  const next = accept(self);
  if (next === -Errno.EAGAIN && !(self.flags & OpenFlag.NONBLOCK)) {
    return context.block({ ready: () => self.waiting.length > 0 || (self.shut & 1) !== 0 });
  }
  if (typeof next === "number") return next;
  next.flags |= flags & OpenFlag.NONBLOCK;
  const fd = context.descriptors.add(next, (flags & OpenFlag.CLOEXEC) !== 0);
  const address = wordArgument(registers, 1);
  if (fd < 0 || address === 0) return fd;
  const stored = storeAddress(context, address, wordArgument(registers, 2), next.peer?.name);
  if (stored === 0) return fd;
  context.descriptors.close(fd);
  return stored;
}

const shutdownCall: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  const how = intArgument(registers, 1);
  if (how < 0 || how > 2) return -Errno.EINVAL;
  shutdown(self, how + 1);
  return 0;
};

const getsockname: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  return storeAddress(context, wordArgument(registers, 1), wordArgument(registers, 2), self.name);
};

const getpeername: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  if (!self.peer) return -Errno.ENOTCONN;
  return storeAddress(context, wordArgument(registers, 1), wordArgument(registers, 2), self.peer.name);
};

/** Local sockets, in the guest's memory: unix(7). There is no network. */
export const socketCalls: HandlerTable = {
  socket,
  socketpair,
  bind,
  listen,
  connect: connectCall,
  accept: (context, registers) => acceptWith(context, registers, 0),
  accept4: (context, registers) => acceptWith(context, registers, uintArgument(registers, 3)),
  shutdown: shutdownCall,
  getsockname,
  getpeername,
  ...messageCalls,
  ...optionCalls,
};
