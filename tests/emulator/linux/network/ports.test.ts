import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import { ANY4, ANY6 } from "../../../../packages/emulator/src/linux/files/sockets/inet-address.js";
import { createPorts, type PortUser } from "../../../../packages/emulator/src/linux/files/sockets/ports.js";

const LOCAL4 = "7f000001";
const OTHER4 = "7f000002";
const LOCAL6 = `${"0".repeat(31)}1`;

/** Which addresses of the interface a bound socket hears. */
function heard(address: string, onlyV6: boolean): readonly string[] {
  if (address === ANY4) return [LOCAL4, OTHER4];
  if (address === ANY6) return onlyV6 ? [LOCAL6] : [LOCAL4, OTHER4, LOCAL6];
  return [address];
}

interface Entry {
  readonly user: PortUser;
  readonly address: string;
  readonly port: number;
  readonly release: () => void;
}

const step = fc.oneof(
  fc.record({
    what: fc.constant("bind" as const),
    address: fc.constantFrom(ANY4, ANY6, LOCAL4, OTHER4, LOCAL6),
    port: fc.constantFrom(0, 5000, 5001),
    isListening: fc.boolean(),
    reusesAddress: fc.boolean(),
    reusesPort: fc.boolean(),
    onlyV6: fc.boolean(),
  }),
  fc.record({ what: fc.constant("release" as const), index: fc.nat(20) }),
  fc.record({
    what: fc.constant("find" as const),
    address: fc.constantFrom(LOCAL4, OTHER4, LOCAL6),
    port: fc.constantFrom(5000, 5001),
  }),
);

describe("ports", () => {
  test("are had by whom a list of all bound sockets says", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 40 }), (isStream, steps) => {
        const ports = createPorts<PortUser>(isStream);
        const list: Entry[] = [];
        for (const action of steps) {
          if (action.what === "release") {
            const [gone] = list.splice(action.index % Math.max(1, list.length), 1);
            gone?.release();
          } else if (action.what === "find") {
            const candidates = list.filter(
              ({ port, address, user }) =>
                port === action.port && heard(address, user.onlyV6).includes(action.address),
            );
            const expected =
              candidates.findLast(({ address }) => address === action.address) ?? candidates.at(-1);
            expect(ports.find(action, () => true)).toBe(expected?.user);
          } else {
            const { what: _, address, port, ...user } = action;
            const taken = list.some((other) => {
              if (other.port !== port) return false;
              const mine = heard(address, user.onlyV6);
              if (!heard(other.address, other.user.onlyV6).some((one) => mine.includes(one))) return false;
              if (user.reusesPort && other.user.reusesPort) return false;
              const listens = isStream && (user.isListening || other.user.isListening);
              return listens || !user.reusesAddress || !other.user.reusesAddress;
            });
            const bound = ports.bind(user, { address, port });
            if (taken) {
              expect(bound).toBe(-Errno.EADDRINUSE);
              continue;
            }
            if (typeof bound === "number") throw new Error(`refused with ${bound}`);
            expect(bound.endpoint.address).toBe(address);
            if (port === 0) expect(list.some((other) => other.port === bound.endpoint.port)).toBe(false);
            else expect(bound.endpoint.port).toBe(port);
            list.push({ user, address, port: bound.endpoint.port, release: bound.release });
          }
        }
      }),
    );
  });

  test("are EADDRINUSE when none is left", () => {
    const ports = createPorts<PortUser>(true);
    const user = { isListening: false, reusesAddress: false, reusesPort: false, onlyV6: false };
    const numbers = new Set<number>();
    for (;;) {
      const bound = ports.bind(user, { address: LOCAL4, port: 0 });
      if (typeof bound === "number") break;
      numbers.add(bound.endpoint.port);
    }
    // net.ipv4.ip_local_port_range
    expect(numbers.size).toBe(60_999 - 32_768 + 1);
  });
});
