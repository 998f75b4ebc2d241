import { Buffer } from "node:buffer";
import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { isSocket, type Socket } from "../files/sockets/socket.js";
import type { SocketType } from "../files/sockets/socket-type.js";
import { pathOf } from "../files/tree/place.js";
import { intArgument, type Registers } from "../registers.js";
import { AT_FDCWD, resolveAt } from "./resolve.js";

/** The socket behind the descriptor in the first argument, or a negated error number. */
export function socketAt(context: Context, registers: Registers): Socket | number {
  const file = context.descriptors.get(intArgument(registers, 0));
  if (!file) return -Errno.EBADF;
  return isSocket(file) ? file : -Errno.ENOTSOCK;
}

/** How a path is known to all processes, whatever their working directories are, or a negated error number. */
export function placeOf(context: Context, name: string, access: "read" | "write"): string | number {
  const path = Buffer.from(name, "latin1").toString();
  const found = resolveAt(context, AT_FDCWD, path, true);
  if (typeof found === "number") return found;
  if (found.kind === "file" || found.place)
    return access === "write" ? -Errno.EADDRINUSE : -Errno.ECONNREFUSED;
  const { parent, name: last } = found;
  const { mount } = context.sandbox.tree.holder(parent, last);
  const refused = context.sandbox.allow(parent, mount, access, last);
  return refused < 0 ? refused : `${pathOf(parent)}/${last}`;
}

/** How the kernel knows an abstract name: each type of socket has its own. */
export function abstractPlace(name: string, type: SocketType): string {
  return `\0${type}${name}`;
}

/** The socket that is bound to a name, for one of that type, or a negated error number. */
export function socketNamed(context: Context, name: string, type: SocketType): Socket | number {
  const { sockets } = context.kernel.ipc;
  if (name.startsWith("\0")) return sockets.get(abstractPlace(name, type)) ?? -Errno.ECONNREFUSED;
  if (name === "") return -Errno.EINVAL;
  const place = placeOf(context, name, "read");
  return typeof place === "number" ? place : (sockets.get(place) ?? -Errno.ENOENT);
}
