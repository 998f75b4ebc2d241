import { Buffer } from "node:buffer";
import { Errno } from "../../errno.js";
import { Family } from "./rules.js";

/** Where a socket of the internet families is. */
export interface Endpoint {
  /** 8 hexadecimal digits (IPv4) or 32 (IPv6); never an IPv4 address as one of IPv6. */
  readonly address: string;
  readonly port: number;
}

/** All of this machine's addresses, for bind(2). */
export const ANY4 = "00000000";
/** See {@link ANY4}. */
export const ANY6: string = "0".repeat(32);
const LOOPBACK4 = "7f000001";
const LOOPBACK6 = `${"0".repeat(31)}1`;
/** What an IPv4 address has in front as one of IPv6 (ipv6(7)). */
const MAPPED = `${"0".repeat(20)}ffff`;

/** `struct sockaddr_in` and `struct sockaddr_in6` (ip(7), ipv6(7)); the latter may come without its last field. */
const LEAST_LENGTH = { [Family.INET]: 16, [Family.INET6]: 24 } as const;
const LENGTH6 = 28;

/** An internet family. */
export type InetFamily = typeof Family.INET | typeof Family.INET6;

/** Whether an address is one of IPv4. */
export const isV4 = (address: string): boolean => address.length === ANY4.length;

/** Whether an address stands for all of this machine's. */
export const isAny = (address: string): boolean => address === ANY4 || address === ANY6;

/** Reads an address. @returns a negated error number for one of another family. */
export function decodeEndpoint(family: InetFamily, bytes: Uint8Array): Endpoint | number {
  if (bytes.length < LEAST_LENGTH[family]) return -Errno.EINVAL;
  const buffer = Buffer.from(bytes);
  if (buffer.readUInt16LE(0) !== family) return -Errno.EAFNOSUPPORT;
  const port = buffer.readUInt16BE(2);
  if (family === Family.INET) return { address: buffer.toString("hex", 4, 8), port };
  const address = buffer.toString("hex", 8, 24);
  return { address: address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address, port };
}

/** The bytes of an address, for a socket of a family. */
export function encodeEndpoint(family: InetFamily, { address, port }: Endpoint): Uint8Array {
  const isShort = family === Family.INET;
  const bytes = Buffer.alloc(isShort ? LEAST_LENGTH[family] : LENGTH6);
  bytes.writeUInt16LE(family, 0);
  bytes.writeUInt16BE(port, 2);
  if (isShort) bytes.write(address, 4, "hex");
  else bytes.write(isV4(address) ? `${MAPPED}${address}` : address, 8, "hex");
  return bytes;
}

/**
 * Whom a destination reaches: an address of the loopback interface, which is the only one; "any" is the machine itself.
 * Undefined for everything else.
 */
export function reachable(address: string): string | undefined {
  if (isV4(address)) return address === ANY4 ? LOOPBACK4 : address.startsWith("7f") ? address : undefined;
  return address === ANY6 || address === LOOPBACK6 ? LOOPBACK6 : undefined;
}

/** Whether a socket can be bound to an address: one of the loopback interface's, or all. */
export const isOwn = (address: string): boolean => isAny(address) || reachable(address) !== undefined;

/** The address that a packet to another one comes from. */
export const sourceFor = (address: string): string => (isV4(address) ? LOOPBACK4 : LOOPBACK6);

/** An address as a name: what is compared, and kept in messages. */
export const nameOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** The address of a name. */
export function endpointOf(name: string): Endpoint {
  const [address = "", port = ""] = name.split(":");
  return { address, port: Number(port) };
}
