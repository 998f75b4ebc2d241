import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { type OpenFile, OpenFlag } from "../files/open-file.js";
import { Poll, READABLE } from "../files/readiness.js";
import { release, retain } from "../files/references.js";
import { sendDatagram } from "../files/sockets/inet.js";
import type { Endpoint } from "../files/sockets/inet-address.js";
import {
  type Credentials,
  hasRoom,
  type Received,
  receive,
  type Socket,
  send,
} from "../files/sockets/socket.js";
import { SocketType } from "../files/sockets/socket-type.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { Signal } from "../signals/numbers.js";
import { raiseSignal } from "../signals/raise.js";
import { load64, store64 } from "../structures.js";
import { isInet, loadEndpoint } from "./inet-calls.js";
import { gather, loadPieces, MOST_BYTES, type Piece, scatter, totalLength } from "./pieces.js";
import { encodeAddress, loadAddress, storeSender } from "./socket-address.js";
import { socketAt, socketNamed } from "./socket-lookup.js";
import { waitOn } from "./socket-waiting.js";

/** Flags of send(2) and recv(2) (include/linux/socket.h). */
const Flag = {
  OOB: 0x1,
  PEEK: 0x2,
  CTRUNC: 0x8,
  TRUNC: 0x20,
  DONTWAIT: 0x40,
  WAITALL: 0x100,
  NOSIGNAL: 0x4000,
  CMSG_CLOEXEC: 0x4000_0000,
} as const;
/** More than a socket takes or gives at once. */
const LONGEST_TRANSFER = 1 << 20;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const SCM_CREDENTIALS = 2;
/** Most descriptors in a message (include/net/scm.h, SCM_MAX_FD), and on their way in all of them. */
const MOST_FILES = 253;
const MOST_PASSING = 1024;

/** What an address leads to: a local socket at once, one of UDP when something is sent. */
type Destination =
  | { readonly kind: "socket"; readonly socket: Socket }
  | { readonly kind: "endpoint"; readonly endpoint: Endpoint }
  | undefined;

/** A message as the guest has it: pieces, and what goes with them. */
interface Outgoing {
  readonly pieces: readonly Piece[];
  /** Where to; undefined for the peer. */
  readonly to: Destination;
  readonly files: readonly OpenFile[];
  readonly credentials: Credentials;
}

const isNonBlocking = (socket: Socket, flags: number): boolean =>
  (flags & Flag.DONTWAIT) !== 0 || (socket.flags & OpenFlag.NONBLOCK) !== 0;

/** Sends all of a message, however often it must wait. */
function sendAll(context: Context, socket: Socket, out: Outgoing, flags: number): number {
  if (flags & Flag.OOB) return -Errno.EOPNOTSUPP;
  const bytes = gather(context, out.pieces, context.progress, LONGEST_TRANSFER);
  const whole = Math.min(totalLength(out.pieces) - context.progress, LONGEST_TRANSFER);
  if (bytes === undefined || bytes.length < whole) return -Errno.EFAULT;
  if (isInet(socket) && socket.type === SocketType.DGRAM)
    return sendDatagram(
      socket,
      { ...out, bytes, from: undefined },
      out.to?.kind === "endpoint" ? out.to.endpoint : undefined,
    );
  const to = out.to?.kind === "socket" ? out.to.socket : undefined;
  if (to && socket.type !== SocketType.DGRAM) return socket.connected ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
  // Descriptors travel between local sockets alone.
  const files = context.progress === 0 && !isInet(socket) ? out.files : [];
  if (context.kernel.ipc.passing + files.length > MOST_PASSING) return -Errno.ETOOMANYREFS;
  const from = isInet(socket) ? undefined : socket.name;
  const count = send(socket, { bytes, files, from, credentials: out.credentials }, to);
  if (count === -Errno.EPIPE && socket.type === SocketType.STREAM && !(flags & Flag.NOSIGNAL))
    raiseSignal(context, Signal.SIGPIPE);
  if (count < 0 && count !== -Errno.EAGAIN) return context.progress > 0 ? context.progress : count;
  if (count >= 0) for (const file of files) retain(file);
  if (count >= 0) context.progress += count;
  const isDone = socket.type !== SocketType.STREAM || context.progress === totalLength(out.pieces);
  if (count >= 0 && isDone) return context.progress;
  if (isNonBlocking(socket, flags)) return context.progress > 0 ? context.progress : -Errno.EAGAIN;
  const receiving = to ?? socket.peer;
  const waited = waitOn(
    context,
    socket,
    "send",
    () => !receiving || receiving.gone || (socket.shut & 2) !== 0 || hasRoom(socket, receiving),
  );
  return waited < 0 && context.progress > 0 ? context.progress : waited;
}

const sendto: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  const piece = {
    address: wordArgument(registers, 1),
    length: Math.min(wordArgument(registers, 2), MOST_BYTES),
  };
  const to = receiver(context, socket, wordArgument(registers, 4), intArgument(registers, 5));
  if (typeof to === "number") return to;
  const out = { pieces: [piece], to, files: [], credentials: credentialsOf(context) };
  return sendAll(context, socket, out, uintArgument(registers, 3));
};

function credentialsOf({ identity: { pid, uid, gid } }: Context): Credentials {
  return { pid, uid, gid };
}

/** What an address names; undefined for no address. TCP does not look at it. */
function receiver(context: Context, socket: Socket, address: number, length: number): Destination | number {
  const { type } = socket;
  if (address === 0 || (isInet(socket) && type === SocketType.STREAM)) return undefined;
  if (isInet(socket)) {
    const to = loadEndpoint(context, socket, address, length);
    if (typeof to === "number") return to;
    return to.port === 0 ? -Errno.EINVAL : { kind: "endpoint", endpoint: to };
  }
  const name = loadAddress(context, address, length);
  const named = typeof name === "number" ? name : socketNamed(context, name, type);
  return typeof named === "number" ? named : { kind: "socket", socket: named };
}

/** A `struct msghdr`. */
interface Header {
  readonly name: number;
  readonly nameLength: number;
  readonly pieces: readonly Piece[];
  readonly control: number;
  readonly controlLength: number;
}

/** Size of a `struct msghdr`. */
export const HEADER_SIZE = 56;

function loadHeader(context: Context, address: number): Header | number {
  const { memory } = context;
  if (!memory.read(address, HEADER_SIZE)) return -Errno.EFAULT;
  const count = load64(memory, address + 24);
  if (count < 0 || count > 1024) return -Errno.EMSGSIZE;
  const pieces = loadPieces(context, load64(memory, address + 16), count);
  if (typeof pieces === "number") return pieces;
  return {
    name: load64(memory, address),
    nameLength: memory.view.getInt32(address + 8, true),
    pieces,
    control: load64(memory, address + 32),
    controlLength: Math.max(0, load64(memory, address + 40)),
  };
}

/** Sends the message of a `struct msghdr`: how many bytes, or a negated error number. */
export function sendMessage(context: Context, socket: Socket, address: number, flags: number): number {
  const header = loadHeader(context, address);
  if (typeof header === "number") return header;
  const to = receiver(context, socket, header.name, header.nameLength);
  if (typeof to === "number") return to;
  const control = loadControl(context, header);
  if (typeof control === "number") return control;
  return sendAll(context, socket, { ...control, pieces: header.pieces, to }, flags);
}

const sendmsg: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  return sendMessage(context, socket, wordArgument(registers, 1), uintArgument(registers, 2));
};

/** Bytes of a `struct cmsghdr` (cmsg(3)): length (u64), level, type; what follows is padded to 8. */
const CONTROL_HEADER = 16;
const LONGEST_CONTROL = 20_480;

const align = (length: number): number => Math.ceil(length / 8) * 8;

/** What goes along with the bytes. */
function loadControl(
  context: Context,
  { control, controlLength }: Header,
): { files: readonly OpenFile[]; credentials: Credentials } | number {
  const { memory } = context;
  const files: OpenFile[] = [];
  let credentials = credentialsOf(context);
  if (control === 0 || controlLength < CONTROL_HEADER) return { files, credentials };
  if (controlLength > LONGEST_CONTROL) return -Errno.ENOBUFS;
  if (!memory.read(control, controlLength)) return -Errno.EFAULT;
  const end = control + controlLength;
  let length: number;
  for (let at = control; at + CONTROL_HEADER <= end; at += align(length)) {
    length = load64(memory, at);
    if (length < CONTROL_HEADER || at + length > end) return -Errno.EINVAL;
    if (memory.view.getInt32(at + 8, true) !== SOL_SOCKET) continue;
    const type = memory.view.getInt32(at + 12, true);
    const data = at + CONTROL_HEADER;
    if (type === SCM_RIGHTS) {
      for (let place = data; place + 4 <= at + length; place += 4) {
        const file = context.descriptors.get(memory.view.getInt32(place, true));
        if (!file) return -Errno.EBADF;
        if (files.push(file) > MOST_FILES) return -Errno.EINVAL;
      }
    } else if (type === SCM_CREDENTIALS && length === CONTROL_HEADER + 12) {
      const [pid, uid, gid] = [0, 4, 8].map((offset) => memory.view.getInt32(data + offset, true));
      const own = pid === credentials.pid && uid === credentials.uid && gid === credentials.gid;
      if (!own) return -Errno.EPERM;
      credentials = { ...credentials };
    } else {
      return -Errno.EINVAL;
    }
  }
  return { files, credentials };
}

/** Takes what there is, or waits for it. Undefined: it waits. */
function receiveInto(
  context: Context,
  socket: Socket,
  pieces: readonly Piece[],
  flags: number,
): Received | number | undefined {
  if (flags & Flag.OOB) return -Errno.EOPNOTSUPP;
  for (const { address, length } of pieces)
    if (!context.memory.writable(address, length)) return -Errno.EFAULT;
  const skipped = context.progress;
  const room = Math.min(totalLength(pieces) - skipped, LONGEST_TRANSFER);
  const bytes = new Uint8Array(skipped + room);
  const peek = (flags & Flag.PEEK) !== 0;
  const got = receive(socket, bytes.subarray(skipped), peek);
  const wantsAll = (flags & Flag.WAITALL) !== 0 && socket.type === SocketType.STREAM && !peek;
  if (typeof got !== "number") {
    scatterFrom(context, pieces, bytes, skipped, got.count);
    const isEnd = got.count === 0 || got.files.length > 0;
    if (!wantsAll || got.count === room || isEnd) return { ...got, count: skipped + got.count };
    context.progress += got.count;
  } else if (got !== -Errno.EAGAIN) {
    return skipped > 0 ? { ...EMPTY, count: skipped } : got;
  }
  if (isNonBlocking(socket, flags))
    return context.progress > 0 ? { ...EMPTY, count: context.progress } : -Errno.EAGAIN;
  const waited = waitOn(
    context,
    socket,
    "receive",
    () => (socket.poll() & (READABLE | Poll.ERR | Poll.HUP)) !== 0,
  );
  if (waited === 0) return undefined;
  return context.progress > 0 ? { ...EMPTY, count: context.progress } : waited;
}

const EMPTY: Received = { count: 0, length: 0, files: [], from: undefined, credentials: undefined };

/** Puts the received bytes behind the first `skipped` of the pieces, which earlier tries have filled. */
function scatterFrom(
  context: Context,
  pieces: readonly Piece[],
  bytes: Uint8Array,
  skipped: number,
  count: number,
): void {
  const rest: Piece[] = [];
  let left = skipped;
  for (const { address, length } of pieces) {
    const cut = Math.min(left, length);
    left -= cut;
    rest.push({ address: address + cut, length: length - cut });
  }
  scatter(context, rest, bytes.subarray(skipped, skipped + count));
}

/** MSG_TRUNC as a flag of the call asks for the length of a whole datagram. */
function resultOf(socket: Socket, got: Received, flags: number): number {
  return flags & Flag.TRUNC && socket.type !== SocketType.STREAM ? got.length : got.count;
}

const recvfrom: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  const flags = uintArgument(registers, 3);
  const piece = {
    address: wordArgument(registers, 1),
    length: Math.min(wordArgument(registers, 2), MOST_BYTES),
  };
  const got = receiveInto(context, socket, [piece], flags);
  if (got === undefined) return 0;
  if (typeof got === "number") return got;
  for (const file of got.files) release(file);
  const address = wordArgument(registers, 4);
  if (address !== 0) {
    const stored = storeSender(context, address, wordArgument(registers, 5), socket.family, got.from);
    if (stored < 0) return stored;
  }
  return resultOf(socket, got, flags);
};

/** Receives into the buffers of a `struct msghdr`: how many bytes, or a negated error number. It may wait. */
export function receiveMessage(context: Context, socket: Socket, address: number, flags: number): number {
  const { memory } = context;
  const header = loadHeader(context, address);
  if (typeof header === "number") return header;
  if (!memory.writable(address, HEADER_SIZE)) return -Errno.EFAULT;
  const got = receiveInto(context, socket, header.pieces, flags);
  if (got === undefined) return 0;
  if (typeof got === "number") return got;
  let told = got.length > got.count && socket.type !== SocketType.STREAM ? Flag.TRUNC : 0;
  if (header.name !== 0) {
    const from = got.from === undefined ? new Uint8Array() : encodeAddress(socket.family, got.from);
    const cut = from.subarray(0, Math.max(0, header.nameLength));
    if (!memory.write(header.name, cut)) return -Errno.EFAULT;
    memory.view.setInt32(address + 8, from.length, true);
  }
  const control = storeControl(context, socket, header, got, flags);
  if (control.cut) told |= Flag.CTRUNC;
  store64(memory, address + 40, control.length);
  memory.view.setInt32(address + 48, told | (flags & Flag.CMSG_CLOEXEC), true);
  return resultOf(socket, got, flags);
}

const recvmsg: Handler = (context, registers) => {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  return receiveMessage(context, socket, wordArgument(registers, 1), uintArgument(registers, 2));
};

/** Writes what came along with the bytes; descriptors that there is no room for are closed. */
function storeControl(
  context: Context,
  socket: Socket,
  { control, controlLength }: Header,
  got: Received,
  flags: number,
): { length: number; cut: boolean } {
  const { memory, descriptors } = context;
  let used = 0;
  let cut = false;
  const put = (type: number, words: readonly number[]): void => {
    const length = CONTROL_HEADER + 4 * words.length;
    store64(memory, control + used, length);
    memory.view.setInt32(control + used + 8, SOL_SOCKET, true);
    memory.view.setInt32(control + used + 12, type, true);
    words.forEach((word, index) => {
      memory.view.setInt32(control + used + CONTROL_HEADER + 4 * index, word, true);
    });
    used += Math.min(align(length), controlLength - used);
  };
  const room = control !== 0 && memory.writable(control, controlLength) ? controlLength : 0;
  if (socket.wantsCredentials && got.credentials) {
    const { pid, uid, gid } = got.credentials;
    if (room >= CONTROL_HEADER + 12) put(SCM_CREDENTIALS, [pid, uid, gid]);
    else cut = true;
  }
  const places = Math.max(0, Math.floor((room - used - CONTROL_HEADER) / 4));
  const fds: number[] = [];
  for (const file of got.files) {
    const fd = fds.length < places ? descriptors.add(file, (flags & Flag.CMSG_CLOEXEC) !== 0) : -1;
    release(file);
    if (fd < 0) cut = true;
    else fds.push(fd);
  }
  if (fds.length > 0) put(SCM_RIGHTS, fds);
  return { length: used, cut };
}

/** Messages: send(2), recv(2). */
export const messageCalls: HandlerTable = { sendto, recvfrom, sendmsg, recvmsg };
