import { Buffer } from "node:buffer";
import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { ANY4, ANY6, encodeEndpoint, endpointOf } from "../files/sockets/inet-address.js";
import { Family } from "../files/sockets/rules.js";

/** `struct sockaddr_un`: a family of 2 bytes and a path of 108. */
const FAMILY_SIZE = 2;
const LONGEST_ADDRESS = 110;
/** What getsockname(2) tells of a socket without a name. */
const UNNAMED = { [Family.INET]: `${ANY4}:0`, [Family.INET6]: `${ANY6}:0` } as const;

/**
 * Reads a local address (unix(7), "Address format").
 * @returns a path, a NUL and an abstract name, the empty string for an address that is only a family, or a negated
 *   error number.
 */
export function loadAddress(context: Context, address: number, length: number): string | number {
  if (length < FAMILY_SIZE || length > LONGEST_ADDRESS) return -Errno.EINVAL;
  const bytes = context.memory.read(address, length);
  if (!bytes) return -Errno.EFAULT;
  if (Buffer.from(bytes).readUInt16LE(0) !== Family.UNIX) return -Errno.EINVAL;
  const name = bytes.subarray(FAMILY_SIZE);
  const end = name[0] === 0 ? -1 : name.indexOf(0);
  // Every byte stands for itself: names of sockets need not be UTF-8.
  return Buffer.from(end < 0 ? name : name.subarray(0, end)).toString("latin1");
}

/** Writes an address, cut to the room that there is, and its full length (accept(2)). 0, or -EFAULT. */
export function storeAddress(
  context: Context,
  address: number,
  lengthAddress: number,
  family: Family,
  name: string | undefined,
): number {
  return storeCut(context, address, lengthAddress, encodeAddress(family, name));
}

/** As {@link storeAddress}, for who sent a message: without a name there is no address at all. */
export function storeSender(
  context: Context,
  address: number,
  lengthAddress: number,
  family: Family,
  name: string | undefined,
): number {
  const bytes = name === undefined ? new Uint8Array() : encodeAddress(family, name);
  return storeCut(context, address, lengthAddress, bytes);
}

function storeCut(context: Context, address: number, lengthAddress: number, bytes: Uint8Array): number {
  if (!context.memory.writable(lengthAddress, 4)) return -Errno.EFAULT;
  const room = context.memory.view.getInt32(lengthAddress, true);
  if (room < 0) return -Errno.EINVAL;
  if (!context.memory.write(address, bytes.subarray(0, room))) return -Errno.EFAULT;
  context.memory.view.setInt32(lengthAddress, bytes.length, true);
  return 0;
}

/** The bytes of an address; paths end in a NUL. */
export function encodeAddress(family: Family, name: string | undefined): Uint8Array {
  if (family !== Family.UNIX) return encodeEndpoint(family, endpointOf(name ?? UNNAMED[family]));
  const isPath = name !== undefined && name !== "" && !name.startsWith("\0");
  const text = Buffer.from(`${name ?? ""}${isPath ? "\0" : ""}`, "latin1");
  return Buffer.concat([Buffer.from([Family.UNIX, 0]), text]);
}
