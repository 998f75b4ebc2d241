import { Errno } from "../../errno.js";
import type { Ipc } from "../../ipc.js";
import type { Origin } from "../anonymous-file.js";
import { Poll, READABLE, WRITABLE } from "../readiness.js";
import {
  ANY4,
  ANY6,
  type Endpoint,
  endpointOf,
  type InetFamily,
  isAny,
  isV4,
  nameOf,
  reachable,
  sourceFor,
} from "./inet-address.js";
import type { Ports, PortUser } from "./ports.js";
import { Family, SEND_BUFFER } from "./rules.js";
import {
  type Credentials,
  connect,
  createSocket,
  deliver,
  type Message,
  type Socket,
  takeError,
} from "./socket.js";
import { SocketType } from "./socket-type.js";

/** A socket with a port. */
export interface InetUser extends PortUser {
  readonly socket: Socket;
}

/** Options of sockets that matter here, as `Socket.options` has them: level and name (socket(7), ipv6(7)). */
export const InetOption = { REUSEADDR: "1:2", REUSEPORT: "1:15", ONLY_V6: "41:26" } as const;

/** Both shut down (shutdown(2)). */
const SHUT_BOTH = 3;

const portsOf = (ipc: Ipc, type: SocketType): Ports<InetUser> =>
  type === SocketType.STREAM ? ipc.tcp : ipc.udp;

const anyOf = ({ family }: Socket): string => (family === Family.INET ? ANY4 : ANY6);

const isSet = ({ options }: Socket, option: string): boolean => (options.get(option) ?? 0) !== 0;

function userOf(socket: Socket): InetUser {
  return {
    socket,
    get isListening() {
      return socket.backlog !== undefined;
    },
    get reusesAddress() {
      return isSet(socket, InetOption.REUSEADDR);
    },
    get reusesPort() {
      return isSet(socket, InetOption.REUSEPORT);
    },
    get onlyV6() {
      return isSet(socket, InetOption.ONLY_V6);
    },
  };
}

/** Makes a socket of TCP or UDP: what it reaches are others of the same guest, by the loopback interface. */
export function createInetSocket(
  origin: Origin,
  family: InetFamily,
  type: SocketType,
  owner: Credentials,
  flags: number,
): Socket {
  const socket = createSocket(origin, family, type, owner, flags);
  if (type === SocketType.DGRAM) {
    socket.write = (bytes) =>
      sendDatagram(socket, { bytes, files: [], from: undefined, credentials: owner }, undefined);
  }
  return socket;
}

/** Gives a socket an address and a port (bind(2)); port 0 is any free one. 0, or -EADDRINUSE. */
export function bindTo(socket: Socket, endpoint: Endpoint): number {
  const bound = portsOf(socket.origin.ipc, socket.type).bind(userOf(socket), endpoint);
  if (typeof bound === "number") return bound;
  socket.name = nameOf(bound.endpoint);
  socket.unbind = bound.release;
  return 0;
}

/** Gives a socket a free port if it has none (ip(7), "Address format"). 0, or -EADDRINUSE. */
export function bindToAny(socket: Socket): number {
  return socket.name === undefined ? bindTo(socket, { address: anyOf(socket), port: 0 }) : 0;
}

/** Whom an address reaches, or -ENETUNREACH: there is the loopback interface alone. */
function reach(socket: Socket, { address, port }: Endpoint): Endpoint | number {
  const found = reachable(address);
  const isMapped = socket.family === Family.INET6 && isV4(address);
  if (found === undefined || (isMapped && isSet(socket, InetOption.ONLY_V6))) return -Errno.ENETUNREACH;
  return { address: found, port };
}

/** The name that the other side sees: a socket that is bound to all addresses sends from one of them. */
function seenFrom(socket: Socket, { address }: Endpoint): string {
  const own = endpointOf(socket.name ?? nameOf({ address: anyOf(socket), port: 0 }));
  return nameOf({ ...own, address: isAny(own.address) ? sourceFor(address) : own.address });
}

/**
 * Connects over TCP, or names the peer of UDP (connect(2)).
 * @param waits false: what comes of it is told later, by SO_ERROR and the next connect. Where too many wait to be accepted, it is
 *   refused then, as by a Linux that is told to (tcp(7), tcp_abort_on_overflow): what nobody accepts must not fill our memory.
 * @returns 0, -EAGAIN if it must wait until others have been accepted, -EINPROGRESS, or another negated error number.
 */
export function connectTo(socket: Socket, to: Endpoint, waits: boolean): number {
  const target = reach(socket, to);
  if (socket.type === SocketType.DGRAM) return typeof target === "number" ? target : namePeer(socket, target);
  if (socket.connecting) {
    socket.connecting = false;
    if (socket.connected) return 0;
    socket.shut = 0;
    return -(takeError(socket) || Errno.ECONNABORTED);
  }
  if (socket.connected) return -Errno.EISCONN;
  if (socket.backlog !== undefined) return -Errno.EISCONN;
  if (typeof target === "number") return target;
  const bound = bindToAny(socket);
  if (bound < 0) return bound;
  socket.shut = 0;
  socket.name = seenFrom(socket, target);
  socket.peerName = nameOf(target);
  const listener = socket.origin.ipc.tcp.find(target, ({ isListening }) => isListening)?.socket;
  const result = listener ? connect(socket, listener) : -Errno.ECONNREFUSED;
  if (waits) return result;
  socket.connecting = true;
  if (result !== 0) {
    socket.error = Errno.ECONNREFUSED;
    socket.shut = SHUT_BOTH;
    socket.watchers.wake(READABLE | WRITABLE | Poll.HUP | Poll.ERR);
  }
  return -Errno.EINPROGRESS;
}

function namePeer(socket: Socket, target: Endpoint): number {
  const bound = bindToAny(socket);
  if (bound < 0) return bound;
  socket.name = seenFrom(socket, target);
  socket.peerName = nameOf(target);
  return 0;
}

/**
 * Sends a datagram: what nobody waits for, or has room for, is lost without notice (udp(7)); but who has named its peer is told
 * that there is nobody, at the next call.
 * @param to where to, if not to the peer.
 */
export function sendDatagram(socket: Socket, message: Message, to: Endpoint | undefined): number {
  if (socket.shut & 2) return -Errno.EPIPE;
  if (socket.error !== 0) return -takeError(socket);
  const { length } = message.bytes;
  if (length > socket.rules.longest) return -Errno.EMSGSIZE;
  const wanted = to ?? (socket.peerName === undefined ? undefined : endpointOf(socket.peerName));
  if (wanted === undefined) return -socket.rules.sendAlone;
  const target = reach(socket, wanted);
  if (typeof target === "number") return target;
  const bound = bindToAny(socket);
  if (bound < 0) return bound;
  const from = seenFrom(socket, target);
  const receiver = socket.origin.ipc.udp.find(
    target,
    ({ socket: { peerName } }) => peerName === undefined || peerName === from,
  )?.socket;
  if (receiver === undefined) {
    if (socket.peerName === nameOf(target)) {
      socket.error = Errno.ECONNREFUSED;
      socket.watchers.wake(READABLE | WRITABLE | Poll.ERR);
    }
    return length;
  }
  if (receiver.inboxBytes + length > SEND_BUFFER) return length;
  return deliver(receiver, { ...message, from }, length);
}
