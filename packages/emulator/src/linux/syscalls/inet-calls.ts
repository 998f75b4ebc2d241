import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { bindTo, connectTo } from "../files/sockets/inet.js";
import { decodeEndpoint, type Endpoint, type InetFamily, isOwn } from "../files/sockets/inet-address.js";
import { Family } from "../files/sockets/rules.js";
import type { Socket } from "../files/sockets/socket.js";
import { SocketType } from "../files/sockets/socket-type.js";

/** Ports below are the superuser's: net.ipv4.ip_unprivileged_port_start. */
const FIRST_UNPRIVILEGED = 1024;
/** Longest address of any family (`struct sockaddr_storage`). */
const LONGEST_ADDRESS = 128;

/** A socket of TCP or UDP. */
export interface InetSocket extends Socket {
  readonly family: InetFamily;
}

/** Whether a socket is one of TCP or UDP. */
export const isInet = (socket: Socket): socket is InetSocket => socket.family !== Family.UNIX;

/** Reads an address of ip(7) or ipv6(7), or gives a negated error number. */
export function loadEndpoint(
  context: Context,
  { family }: InetSocket,
  address: number,
  length: number,
): Endpoint | number {
  if (length < 0 || length > LONGEST_ADDRESS) return -Errno.EINVAL;
  const bytes = context.memory.read(address, length);
  return bytes ? decodeEndpoint(family, bytes) : -Errno.EFAULT;
}

/** bind(2) to an address of the loopback interface. */
export function bindInet(context: Context, socket: InetSocket, address: number, length: number): number {
  const endpoint = loadEndpoint(context, socket, address, length);
  if (typeof endpoint === "number") return endpoint;
  if (!isOwn(endpoint.address)) return -Errno.EADDRNOTAVAIL;
  if (endpoint.port !== 0 && endpoint.port < FIRST_UNPRIVILEGED && context.identity.uid !== 0)
    return -Errno.EACCES;
  return socket.name === undefined ? bindTo(socket, endpoint) : -Errno.EINVAL;
}

/** connect(2) to what the loopback interface reaches. */
export function connectInet(
  context: Context,
  socket: InetSocket,
  address: number,
  length: number,
  waits: boolean,
): number {
  const endpoint = loadEndpoint(context, socket, address, length);
  if (typeof endpoint === "number") return endpoint;
  const result = connectTo(socket, endpoint, waits);
  if (result === -Errno.ENETUNREACH) {
    context.reportOnce(
      "network",
      "connect: the guest reaches itself only, by the loopback interface (ENETUNREACH elsewhere)",
    );
  }
  return result;
}

/** connect(2) with AF_UNSPEC: a socket of UDP forgets its peer. One of TCP that is connected stays so. */
export function disconnectInet(socket: InetSocket): number {
  if (socket.type !== SocketType.DGRAM) return socket.connected ? -Errno.EOPNOTSUPP : 0;
  socket.peerName = undefined;
  return 0;
}
