import { Errno } from "../../errno.js";
import { anonymousFile, newInode, type Origin } from "../anonymous-file.js";
import { FileType, type OpenFile, OpenFlag } from "../open-file.js";
import { createWatchers, Poll, READABLE, type Watchers, WRITABLE } from "../readiness.js";
import { release } from "../references.js";
import { type Family, rulesOf, SEND_BUFFER, type SocketRules } from "./rules.js";
import { SocketType } from "./socket-type.js";

/** Bytes that may wait in all sockets of the guest together. */
const MOST_SOCKET_BYTES = 1 << 26;
/** Messages that wait for a receiver before senders do: net.unix.max_dgram_qlen. */
const MOST_MESSAGES = 10;
/** Both directions shut down (shutdown(2)); bit 0: nothing is received any more, bit 1: nothing sent. */
const SHUT_BOTH = 3;

/** Who made a socket, or sent a message (`struct ucred`). */
export interface Credentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** What travels: bytes, descriptions (SCM_RIGHTS), and who sent them. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly files: readonly OpenFile[];
  readonly from: string | undefined;
  readonly credentials: Credentials;
}

/** An end of communication between the guest's processes: local (unix(7)), or over their loopback interface (tcp(7), udp(7)). */
export interface Socket extends OpenFile {
  readonly family: Family;
  readonly type: SocketType;
  readonly rules: SocketRules;
  readonly origin: Origin;
  readonly watchers: Watchers;
  /** A path, or a NUL and an abstract name; of the internet families, see `inet-address.ts`. Undefined for none. */
  name: string | undefined;
  /** Gives up what the name stands for. */
  unbind: (() => void) | undefined;
  readonly owner: Credentials;
  /** SO_PASSCRED: who receives wants to know who sent. */
  wantsCredentials: boolean;
  peer: Socket | undefined;
  /** Name of the peer, of the internet families: a peer may come after it was named, and stays known when it is gone. */
  peerName: string | undefined;
  /** connect(2) has begun without waiting, and what came of it has not been told. */
  connecting: boolean;
  /** The peer has said that no more comes. */
  finished: boolean;
  /** What was set that only tells itself (setsockopt(2)): by level and name. */
  readonly options: Map<string, number>;
  /** Of the peer when they were connected; the peer may be gone. */
  peerOwner: Credentials | undefined;
  /** Whether there is, or was, a connection. */
  connected: boolean;
  /** Most connections that may wait to be accepted; undefined if it does not listen. */
  backlog: number | undefined;
  /** Connections that wait to be accepted. */
  readonly waiting: Socket[];
  /** What waits to be received. */
  readonly inbox: Message[];
  inboxBytes: number;
  /** {@link SHUT_BOTH} bits. */
  shut: number;
  /** SO_ERROR. */
  error: number;
  gone: boolean;
}

/** Whether a file is a socket. */
export const isSocket = (file: OpenFile): file is Socket => "inbox" in file;

/** Whether a socket of this type has to be connected, and notices when its peer goes. */
const hasConnection = ({ type }: Socket): boolean => type !== SocketType.DGRAM;

/** Makes a socket without name and peer. */
export function createSocket(
  origin: Origin,
  family: Family,
  type: SocketType,
  owner: Credentials,
  flags: number,
): Socket {
  const inode = newInode(origin);
  const socket: Socket = {
    ...anonymousFile({
      path: `socket:[${inode}]`,
      inode,
      flags: flags | OpenFlag.RDWR,
      mode: FileType.SOCKET | 0o777,
      origin,
      watchers: createWatchers(),
    }),
    family,
    type,
    rules: rulesOf(family, type),
    origin,
    name: undefined,
    unbind: undefined,
    peerName: undefined,
    connecting: false,
    finished: false,
    options: new Map(),
    owner,
    wantsCredentials: false,
    peer: undefined,
    peerOwner: undefined,
    connected: false,
    backlog: undefined,
    waiting: [],
    inbox: [],
    inboxBytes: 0,
    shut: 0,
    error: 0,
    gone: false,
    read(into) {
      const got = receive(socket, into, false);
      if (typeof got === "number") return got;
      for (const file of got.files) release(file);
      return got.count;
    },
    write: (bytes) =>
      send(
        socket,
        {
          bytes,
          files: [],
          from: socket.rules.endsApart ? undefined : socket.name,
          credentials: socket.owner,
        },
        undefined,
      ),
    poll: () => poll(socket),
    unread: () =>
      socket.type === SocketType.DGRAM ? (socket.inbox[0]?.bytes.length ?? 0) : socket.inboxBytes,
    close: () => close(socket),
  };
  return socket;
}

/** Connects two sockets with each other (socketpair(2)). */
export function connectPair(one: Socket, other: Socket): void {
  one.peer = other;
  one.peerOwner = other.owner;
  one.connected = true;
  other.peer = one;
  other.peerOwner = one.owner;
  other.connected = true;
}

/**
 * Connects to a socket that listens, or sets where datagrams go (connect(2)).
 * @returns 0, -EAGAIN if it must wait until others have been accepted, or another negated error number.
 */
export function connect(socket: Socket, target: Socket): number {
  if (target.type !== socket.type) return -Errno.EPROTOTYPE;
  if (!hasConnection(socket)) {
    socket.peer = target;
    socket.peerOwner = target.owner;
    return 0;
  }
  if (target.backlog === undefined || target.gone) return -Errno.ECONNREFUSED;
  if (target.shut & 1) return -Errno.ECONNREFUSED;
  if (socket.connected) return -Errno.EISCONN;
  if (socket.backlog !== undefined) return -Errno.EINVAL;
  if (target.waiting.length > target.backlog) return -Errno.EAGAIN;
  const accepted = createSocket(target.origin, target.family, target.type, target.owner, 0);
  accepted.name = socket.peerName ?? target.name;
  accepted.peerName = socket.rules.endsApart ? socket.name : undefined;
  connectPair(socket, accepted);
  target.waiting.push(accepted);
  target.watchers.wake(READABLE);
  socket.watchers.wake(WRITABLE);
  return 0;
}

/** Takes a connection that waits (accept(2)): the socket of this side, or a negated error number. */
export function accept(socket: Socket): Socket | number {
  if (!hasConnection(socket)) return -Errno.EOPNOTSUPP;
  if (socket.backlog === undefined) return -Errno.EINVAL;
  const accepted = socket.waiting.shift();
  if (accepted) return accepted;
  return socket.shut & 1 ? -Errno.EINVAL : -Errno.EAGAIN;
}

/**
 * Sends bytes: as many as there is room for on a stream, all or none otherwise.
 * @param to where to, if not to the peer.
 * @returns how many, -EAGAIN if it must wait, or another negated error number.
 */
export function send(socket: Socket, message: Message, to: Socket | undefined): number {
  const { rules } = socket;
  // A local peer that is gone comes first; that it left something unread is told to whoever receives.
  if (socket.shut & 2 && !(rules.endsApart && socket.error !== 0)) return -Errno.EPIPE;
  if (socket.error !== 0) return -takeError(socket);
  if (hasConnection(socket) && !socket.connected) return -rules.sendAlone;
  const target = to ?? socket.peer;
  if (!target) return hasConnection(socket) ? -Errno.EPIPE : -rules.sendAlone;
  if (target.gone && rules.endsApart) return sendInVain(socket, message.bytes.length);
  if (target.gone) {
    if (hasConnection(socket)) return -Errno.EPIPE;
    if (!to) socket.peer = undefined;
    return -Errno.ECONNREFUSED;
  }
  if (target.type !== socket.type) return -Errno.EPROTOTYPE;
  if (target.shut & 1 && !rules.endsApart) return -Errno.EPIPE;
  const { length } = message.bytes;
  const isStream = socket.type === SocketType.STREAM;
  if (isStream && length === 0) return 0;
  if (!isStream && length > rules.longest) return -Errno.EMSGSIZE;
  if (!hasRoom(socket, target)) return -Errno.EAGAIN;
  const count = isStream ? Math.min(length, SEND_BUFFER - target.inboxBytes) : length;
  return deliver(target, message, count);
}

/** Puts the first bytes of a message where its receiver finds them. @returns how many, or -ENOBUFS. */
export function deliver(target: Socket, message: Message, count: number): number {
  const { ipc } = target.origin;
  if (ipc.socketBytes + count > MOST_SOCKET_BYTES) return -Errno.ENOBUFS;
  ipc.socketBytes += count;
  ipc.passing += message.files.length;
  target.inbox.push({ ...message, bytes: message.bytes.slice(0, count) });
  target.inboxBytes += count;
  target.watchers.wake(READABLE);
  return count;
}

/** The other side has closed its socket: it answers what comes now with a reset. */
function sendInVain(socket: Socket, length: number): number {
  socket.error = Errno.EPIPE;
  socket.shut = SHUT_BOTH;
  socket.watchers.wake(READABLE | WRITABLE | Poll.RDHUP | Poll.HUP | Poll.ERR);
  return length;
}

/** Whether something can be sent at once. As in the kernel, what is begun with room left may go past the limit. */
export function hasRoom(socket: Socket, target: Socket): boolean {
  if (target.inboxBytes >= SEND_BUFFER) return false;
  return socket.type === SocketType.STREAM || target.inbox.length <= MOST_MESSAGES;
}

/** What {@link receive} took. */
export interface Received {
  /** Bytes that were put into the buffer. */
  readonly count: number;
  /** Bytes of the message, which may be more (MSG_TRUNC). */
  readonly length: number;
  /** Held for the caller; empty after peeking. */
  readonly files: readonly OpenFile[];
  readonly from: string | undefined;
  readonly credentials: Credentials | undefined;
}

const NOTHING: Received = { count: 0, length: 0, files: [], from: undefined, credentials: undefined };

/** Takes a message, or bytes of a stream up to the next message with descriptors. Or a negated error number. */
export function receive(socket: Socket, into: Uint8Array, peek: boolean): Received | number {
  const { rules } = socket;
  if (hasConnection(socket) && !socket.connected)
    return rules.endsApart && socket.error !== 0 ? -takeError(socket) : -rules.receiveAlone;
  if (socket.type === SocketType.STREAM && into.length === 0) return NOTHING;
  const first = socket.inbox[0];
  if (!first) {
    if (socket.finished) return NOTHING;
    if (socket.error !== 0) return -takeError(socket);
    // Datagrams have no end: who would not wait is told to, even then.
    const ended = socket.shut & 1 && !(socket.type === SocketType.DGRAM && socket.flags & OpenFlag.NONBLOCK);
    return ended ? NOTHING : -Errno.EAGAIN;
  }
  if (socket.type !== SocketType.STREAM) {
    const count = Math.min(into.length, first.bytes.length);
    into.set(first.bytes.subarray(0, count));
    if (!peek) drop(socket, first);
    return { ...first, count, length: first.bytes.length, files: peek ? [] : first.files };
  }
  return receiveStream(socket, first, into, peek);
}

function receiveStream(socket: Socket, first: Message, into: Uint8Array, peek: boolean): Received {
  let count = 0;
  let files: readonly OpenFile[] = [];
  for (const message of [...socket.inbox]) {
    if (count === into.length || (message !== first && message.files.length > 0)) break;
    const part = message.bytes.subarray(0, into.length - count);
    into.set(part, count);
    count += part.length;
    if (peek) continue;
    if (message === first) files = first.files;
    if (part.length === message.bytes.length) drop(socket, message);
    else shorten(socket, message, part.length);
    if (message === first && files.length > 0) break;
  }
  return { ...first, count, length: count, files };
}

function drop(socket: Socket, message: Message): void {
  const { ipc } = socket.origin;
  socket.inbox.shift();
  socket.inboxBytes -= message.bytes.length;
  ipc.socketBytes -= message.bytes.length;
  ipc.passing -= message.files.length;
  tellRoom(socket);
}

/** Takes the first bytes of the first message off, and with them its descriptors. */
function shorten(socket: Socket, message: Message, count: number): void {
  const { ipc } = socket.origin;
  socket.inbox[0] = { ...message, bytes: message.bytes.subarray(count), files: [] };
  socket.inboxBytes -= count;
  ipc.socketBytes -= count;
  ipc.passing -= message.files.length;
  tellRoom(socket);
}

/** Those who send here may have waited for room. */
function tellRoom(socket: Socket): void {
  socket.peer?.watchers.wake(WRITABLE | Poll.WRBAND);
}

/** The error that waits, which is told once (socket(7), SO_ERROR). */
export function takeError(socket: Socket): number {
  const { error } = socket;
  socket.error = 0;
  return error;
}

/** Stops receiving, sending or both (shutdown(2)); `how` has bit 0 for receiving and bit 1 for sending. */
export function shutdown(socket: Socket, how: number): void {
  socket.shut |= how;
  const { peer, rules } = socket;
  const told = rules.endsApart ? how >> 1 : ((how & 1) << 1) | (how >> 1);
  if (peer && hasConnection(socket) && told !== 0) {
    peer.shut |= told;
    if (rules.endsApart) peer.finished = true;
    peer.watchers.wake(READABLE | WRITABLE | Poll.RDHUP | (peer.shut === SHUT_BOTH ? Poll.HUP : 0));
  }
  socket.watchers.wake(READABLE | WRITABLE | Poll.RDHUP | (socket.shut === SHUT_BOTH ? Poll.HUP : 0));
}

/** As the kernel finds it (net/unix/af_unix.c, unix_poll and unix_dgram_poll). */
function poll(socket: Socket): number {
  const { peer, shut, rules } = socket;
  let events = socket.error === 0 ? 0 : Poll.ERR;
  if (shut === SHUT_BOTH) events |= Poll.HUP;
  if (shut & 1) events |= Poll.RDHUP | READABLE;
  if (socket.inbox.length > 0 || socket.waiting.length > 0) events |= READABLE;
  const listening = socket.backlog !== undefined;
  if (hasConnection(socket) && !socket.connected && !listening) events |= Poll.HUP;
  if (listening) return events;
  const target = socket.peer;
  const room = !target || (hasRoom(socket, target) && target.inboxBytes * 4 <= SEND_BUFFER);
  const writable = rules.endsApart ? WRITABLE : WRITABLE | Poll.WRBAND;
  if (room || peer?.gone || (rules.endsApart && shut & 2)) events |= writable;
  return events;
}

function close(socket: Socket): void {
  const { peer, origin } = socket;
  socket.gone = true;
  socket.shut = SHUT_BOTH;
  socket.unbind?.();
  const unread = socket.inbox.length > 0;
  for (const message of socket.inbox.splice(0)) {
    socket.inboxBytes -= message.bytes.length;
    origin.ipc.socketBytes -= message.bytes.length;
    origin.ipc.passing -= message.files.length;
    for (const file of message.files) release(file);
  }
  for (const embryo of socket.waiting.splice(0)) {
    if (embryo.peer) embryo.peer.error = Errno.ECONNRESET;
    close(embryo);
  }
  socket.peer = undefined;
  if (!peer || peer.gone || !hasConnection(socket)) return;
  if (unread) peer.error = Errno.ECONNRESET;
  if (socket.rules.endsApart && peer.error === 0) {
    peer.shut |= 1;
    peer.finished = true;
  } else peer.shut = SHUT_BOTH;
  peer.watchers.wake(READABLE | WRITABLE | Poll.RDHUP | Poll.HUP | Poll.ERR);
}
