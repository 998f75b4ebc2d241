import type { InetUser } from "./files/sockets/inet.js";
import { createPorts, type Ports } from "./files/sockets/ports.js";
import type { Socket } from "./files/sockets/socket.js";

/** What the processes of one kernel share to talk with each other: the numbers, names and amounts of anonymous files. */
export interface Ipc {
  /** Inode number of the anonymous file that was made last. */
  lastInode: number;
  /** Pages that all pipes may hold together. */
  pipePages: number;
  /** Pairs of epoll instances of which one watches the other. */
  nestedEpolls: number;
  /** Bytes that wait in all sockets. */
  socketBytes: number;
  /** Descriptors that are on their way in messages (unix(7), SCM_RIGHTS). */
  passing: number;
  /** Bound sockets by name: a path, or a NUL and an abstract name (unix(7), "Address format"). */
  readonly sockets: Map<string, Socket>;
  /** Whether the guest may make sockets of the internet families, to reach itself. */
  readonly hasLoopback: boolean;
  /** Ports of the guest's loopback interface. */
  readonly tcp: Ports<InetUser>;
  readonly udp: Ports<InetUser>;
}

/** Standard input, output and error have numbers up to this one. */
const LAST_STREAM_INODE = 5;

/** What processes share when nothing has been made yet. */
export function createIpc(hasLoopback: boolean): Ipc {
  return {
    hasLoopback,
    lastInode: LAST_STREAM_INODE,
    pipePages: 0,
    nestedEpolls: 0,
    socketBytes: 0,
    passing: 0,
    sockets: new Map(),
    tcp: createPorts(true),
    udp: createPorts(false),
  };
}
