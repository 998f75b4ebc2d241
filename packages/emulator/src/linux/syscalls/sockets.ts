import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { OpenFlag } from "../files/open-file.js";
import { bindToAny, createInetSocket } from "../files/sockets/inet.js";
import { endpointOf, type InetFamily } from "../files/sockets/inet-address.js";
import { Family } from "../files/sockets/rules.js";
import {
  accept,
  connect,
  connectPair,
  createSocket,
  type Socket,
  shutdown,
} from "../files/sockets/socket.js";
import { SocketType } from "../files/sockets/socket-type.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { bindInet, connectInet, disconnectInet, isInet } from "./inet-calls.js";
import { manyMessageCalls } from "./many-messages.js";
import { addPair, originOf } from "./pipes.js";
import { loadAddress, storeAddress } from "./socket-address.js";
import { abstractPlace, placeOf, socketAt, socketNamed } from "./socket-lookup.js";
import { messageCalls } from "./socket-messages.js";
import { optionCalls } from "./socket-options.js";
import { waitOn } from "./socket-waiting.js";

const AF_UNSPEC = 0;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
/** The bits of socket(2)'s type that are the type. */
const TYPE_MASK = 0xf;
const SOCK_RAW = 3;
const STATUS_FLAGS = OpenFlag.CLOEXEC | OpenFlag.NONBLOCK;
/** net.core.somaxconn. */
const LONGEST_BACKLOG = 4096;

const isNetwork = (family: number): family is InetFamily => family === Family.INET || family === Family.INET6;

/** What the arguments of socket(2) ask for. */
interface Kind {
  readonly family: Family;
  readonly type: SocketType;
}

/** What the arguments ask for, or a negated error number. */
function checkKind(context: Context, registers: Registers): Kind | number {
  const family = intArgument(registers, 0);
  const type = uintArgument(registers, 1);
  const protocol = intArgument(registers, 2);
  if (type & ~(TYPE_MASK | STATUS_FLAGS)) return -Errno.EINVAL;
  if (isNetwork(family)) {
    if (context.kernel.ipc.hasLoopback) return inetKind(family, type & TYPE_MASK, protocol);
    context.reportOnce(
      "network",
      "socket: the guest has no network (EACCES); local sockets (AF_UNIX) work, and --allow-net gives it a loopback interface",
    );
    return -Errno.EACCES;
  }
  if (family !== Family.UNIX) return -Errno.EAFNOSUPPORT;
  if (protocol !== 0 && protocol !== Family.UNIX) return -Errno.EPROTONOSUPPORT;
  switch (type & TYPE_MASK) {
    case SocketType.STREAM:
      return { family, type: SocketType.STREAM };
    case SocketType.DGRAM:
    case SOCK_RAW:
      return { family, type: SocketType.DGRAM };
    case SocketType.SEQPACKET:
      return { family, type: SocketType.SEQPACKET };
    default:
      return -Errno.ESOCKTNOSUPPORT;
  }
}

/** TCP and UDP; raw packets are the superuser's (raw(7)). */
function inetKind(family: InetFamily, type: number, protocol: number): Kind | number {
  switch (type) {
    case SocketType.STREAM:
      return protocol === 0 || protocol === IPPROTO_TCP ? { family, type } : -Errno.EPROTONOSUPPORT;
    case SocketType.DGRAM:
      return protocol === 0 || protocol === IPPROTO_UDP ? { family, type } : -Errno.EPROTONOSUPPORT;
    case SOCK_RAW:
      return -Errno.EPERM;
    default:
      return -Errno.ESOCKTNOSUPPORT;
  }
}

function makeSocket(context: Context, { family, type }: Kind, flags: number): Socket {
  const { pid, uid, gid } = context.identity;
  const [origin, owner, status] = [originOf(context), { pid, uid, gid }, flags & OpenFlag.NONBLOCK];
  return isNetwork(family)
    ? createInetSocket(origin, family, type, owner, status)
    : createSocket(origin, family, type, owner, status);
}

const socket: Handler = (context, registers) => {
  const kind = checkKind(context, registers);
  if (typeof kind === "number") return kind;
  const flags = uintArgument(registers, 1);
  return context.descriptors.add(makeSocket(context, kind, flags), (flags & OpenFlag.CLOEXEC) !== 0);
};

const socketpair: Handler = (context, registers) => {
  if (isNetwork(intArgument(registers, 0))) return -Errno.EOPNOTSUPP;
  const kind = checkKind(context, registers);
  if (typeof kind === "number") return kind;
  const flags = uintArgument(registers, 1);
  const ends = [makeSocket(context, kind, flags), makeSocket(context, kind, flags)] as const;
  connectPair(ends[0], ends[1]);
  return addPair(context, wordArgument(registers, 3), ends, flags);
};

/** Paths are kept in memory: no file appears, and the name is free again when the socket is closed. */
const bind: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  if (isInet(self)) return bindInet(context, self, wordArgument(registers, 1), intArgument(registers, 2));
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
  self.unbind = () => void sockets.delete(place);
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
  if (self.connected || (self.name === undefined && !isInet(self))) return -Errno.EINVAL;
  const bound = isInet(self) ? bindToAny(self) : 0;
  if (bound < 0) return bound;
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
    if (isInet(self)) return disconnectInet(self);
    if (self.type !== SocketType.DGRAM) return -Errno.EINVAL;
    self.peer = undefined;
    return 0;
  }
  if (isInet(self)) {
    const result = connectInet(context, self, address, length, (self.flags & OpenFlag.NONBLOCK) === 0);
    return result === -Errno.EAGAIN ? waitForPlace(context, self) : result;
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

/** Waits until a listener that is full has accepted others. */
function waitForPlace(context: Context, { origin, peerName }: Socket): number {
  const target = endpointOf(peerName ?? "");
  return context.block({
    ready() {
      const listener = origin.ipc.tcp.find(target, ({ isListening }) => isListening)?.socket;
      return listener === undefined || listener.waiting.length <= (listener.backlog ?? -1);
    },
  });
}

function acceptWith(context: Context, registers: Registers, flags: number): number {
  if (flags & ~STATUS_FLAGS) return -Errno.EINVAL;
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  const next = accept(self);
  if (next === -Errno.EAGAIN && !(self.flags & OpenFlag.NONBLOCK)) {
    return waitOn(context, self, "receive", () => self.waiting.length > 0 || (self.shut & 1) !== 0);
  }
  if (typeof next === "number") return next;
  next.flags |= flags & OpenFlag.NONBLOCK;
  const fd = context.descriptors.add(next, (flags & OpenFlag.CLOEXEC) !== 0);
  const address = wordArgument(registers, 1);
  if (fd < 0 || address === 0) return fd;
  const stored = storeAddress(
    context,
    address,
    wordArgument(registers, 2),
    next.family,
    next.peerName ?? next.peer?.name,
  );
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
  const isAlone = isInet(self) && self.backlog === undefined;
  return isAlone && !(self.type === SocketType.STREAM ? self.connected : self.peerName) ? -Errno.ENOTCONN : 0;
};

const getsockname: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  return storeAddress(
    context,
    wordArgument(registers, 1),
    wordArgument(registers, 2),
    self.family,
    self.name,
  );
};

const getpeername: Handler = (context, registers) => {
  const self = socketAt(context, registers);
  if (typeof self === "number") return self;
  const isConnected = isInet(self) && self.type === SocketType.STREAM ? self.connected : true;
  const peerName = self.peerName ?? self.peer?.name;
  if (!isConnected || (self.peerName === undefined && !self.peer)) return -Errno.ENOTCONN;
  return storeAddress(context, wordArgument(registers, 1), wordArgument(registers, 2), self.family, peerName);
};

/** Sockets, in the guest's memory: local ones (unix(7)), and TCP and UDP over a loopback interface of its own if it may. */
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
  ...manyMessageCalls,
  ...optionCalls,
};
