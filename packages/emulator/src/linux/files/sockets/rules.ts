import { Errno } from "../../errno.js";
import { SocketType } from "./socket-type.js";

/** Address families (socket(2)). */
export const Family = { UNIX: 1, INET: 2, INET6: 10 } as const;
/** See {@link Family}. */
export type Family = (typeof Family)[keyof typeof Family];

/** Bytes that may wait for one receiver: net.core.wmem_default. */
export const SEND_BUFFER = 212_992;
/** What the kernel keeps of a send buffer for itself (net/unix/af_unix.c, unix_dgram_sendmsg). */
const SEND_RESERVE = 32;
/** 65,535 less the headers of IP and UDP (udp(7)); without that of IPv6, which does not count itself. */
const LONGEST_UDP = 65_507;
const LONGEST_UDP6 = 65_527;

/** In what families of sockets differ, beyond how they are named. */
export interface SocketRules {
  /** Error of sending without a peer. */
  readonly sendAlone: number;
  /** Error of receiving without a connection; for types that have one. */
  readonly receiveAlone: number;
  /** Longest message, of types that have messages. */
  readonly longest: number;
  /**
   * As TCP is: each side ends for itself. The other one hears that no more comes, not that nobody listens; it may
   * send once more, and is told by a reset (tcp(7)).
   */
  readonly endsApart: boolean;
}

const LOCAL: SocketRules = {
  sendAlone: Errno.ENOTCONN,
  receiveAlone: Errno.ENOTCONN,
  longest: SEND_BUFFER - SEND_RESERVE,
  endsApart: false,
};
const LOCAL_STREAM: SocketRules = { ...LOCAL, receiveAlone: Errno.EINVAL };
const TCP: SocketRules = { ...LOCAL, sendAlone: Errno.EPIPE, endsApart: true };
const UDP: SocketRules = { ...LOCAL, sendAlone: Errno.EDESTADDRREQ, longest: LONGEST_UDP };
const UDP6: SocketRules = { ...UDP, longest: LONGEST_UDP6 };

/** The rules for a kind of socket. */
export function rulesOf(family: Family, type: SocketType): SocketRules {
  if (family === Family.UNIX) return type === SocketType.STREAM ? LOCAL_STREAM : LOCAL;
  if (type === SocketType.STREAM) return TCP;
  return family === Family.INET ? UDP : UDP6;
}
