import { Errno } from "../../errno.js";
import { ANY6, type Endpoint, isAny, isV4 } from "./inet-address.js";

/** A socket as others are told apart from it by: see socket(7), SO_REUSEADDR and SO_REUSEPORT. */
export interface PortUser {
  readonly isListening: boolean;
  readonly reusesAddress: boolean;
  readonly reusesPort: boolean;
  /** IPV6_V6ONLY (ipv6(7)). */
  readonly onlyV6: boolean;
}

/** Which sockets of one type, TCP or UDP, have which ports of the loopback interface. */
export interface Ports<U extends PortUser> {
  /** Takes a port, or the first free one for port 0. @returns what gives it back, or -EADDRINUSE. */
  bind(user: U, endpoint: Endpoint): { readonly endpoint: Endpoint; release(): void } | number;
  /** Who has this port at this address, if `accepts` says yes: the latest, those with this very address first. */
  find(endpoint: Endpoint, accepts: (user: U) => boolean): U | undefined;
}

interface Bound<U> {
  readonly user: U;
  readonly address: string;
}

/** net.ipv4.ip_local_port_range. */
const FIRST_FREE = 32_768;
const LAST_FREE = 60_999;

/** @param isStream of TCP: two cannot share a port by SO_REUSEADDR while one of them listens. */
export function createPorts<U extends PortUser>(isStream: boolean): Ports<U> {
  const byPort = new Map<number, Bound<U>[]>();
  let next = FIRST_FREE;

  const covers = (any: Bound<U>, address: string): boolean =>
    any.address === address ||
    (isAny(any.address) &&
      (isV4(any.address) === isV4(address) || (any.address === ANY6 && !any.user.onlyV6 && isV4(address))));

  function conflicts(one: Bound<U>, other: Bound<U>): boolean {
    if (!covers(one, other.address) && !covers(other, one.address)) return false;
    if (one.user.reusesPort && other.user.reusesPort) return false;
    const listens = isStream && (one.user.isListening || other.user.isListening);
    return listens || !one.user.reusesAddress || !other.user.reusesAddress;
  }

  function isFree(bound: Bound<U>, port: number): boolean {
    return !(byPort.get(port) ?? []).some((other) => conflicts(bound, other));
  }

  function freePort(bound: Bound<U>): number | undefined {
    for (let tries = FIRST_FREE; tries <= LAST_FREE; tries += 1) {
      const port = next;
      next = next === LAST_FREE ? FIRST_FREE : next + 1;
      if (!byPort.has(port) && isFree(bound, port)) return port;
    }
    return undefined;
  }

  return {
    bind(user, { address, port: wanted }) {
      const bound = { user, address };
      const port = wanted === 0 ? freePort(bound) : wanted;
      if (port === undefined || !isFree(bound, port)) return -Errno.EADDRINUSE;
      byPort.set(port, [...(byPort.get(port) ?? []), bound]);
      return {
        endpoint: { address, port },
        release() {
          const left = (byPort.get(port) ?? []).filter((other) => other !== bound);
          if (left.length > 0) byPort.set(port, left);
          else byPort.delete(port);
        },
      };
    },
    find({ address, port }, accepts) {
      const here = (byPort.get(port) ?? []).filter((bound) => covers(bound, address) && accepts(bound.user));
      return (here.findLast((bound) => bound.address === address) ?? here.at(-1))?.user;
    },
  };
}
