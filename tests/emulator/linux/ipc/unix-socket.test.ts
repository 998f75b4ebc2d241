import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import { createPipe } from "../../../../packages/emulator/src/linux/files/pipe.js";
import { Poll } from "../../../../packages/emulator/src/linux/files/readiness.js";
import { release, retain } from "../../../../packages/emulator/src/linux/files/references.js";
import { Family } from "../../../../packages/emulator/src/linux/files/sockets/rules.js";
import {
  accept,
  connect,
  connectPair,
  createSocket,
  receive,
  type Socket,
  send,
  shutdown,
} from "../../../../packages/emulator/src/linux/files/sockets/socket.js";
import { SocketType } from "../../../../packages/emulator/src/linux/files/sockets/socket-type.js";
import { createOrigin } from "./origin.js";

const OWNER = { pid: 100, uid: 1000, gid: 1000 };
const origin = createOrigin();
const make = (type: SocketType): Socket => createSocket(origin, Family.UNIX, type, OWNER, 0);

function pair(type: SocketType): [Socket, Socket] {
  const ends: [Socket, Socket] = [make(type), make(type)];
  connectPair(ends[0], ends[1]);
  return ends;
}
const bytes = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) % 251);
const take = (socket: Socket, length = 1000): Uint8Array | number => {
  const into = new Uint8Array(length);
  const count = socket.read(into);
  return count < 0 ? count : into.subarray(0, count);
};

describe("streams", () => {
  test("give what was sent, in order and once, whatever the pieces", () => {
    const step = fc.tuple(fc.constantFrom("send", "receive"), fc.oneof(fc.nat(50), fc.nat(300_000)));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [one, other] = pair(SocketType.STREAM);
        let sent = 0;
        let got = 0;
        for (const [kind, length] of steps) {
          if (kind === "send") {
            const count = one.write(bytes(length, sent));
            expect(count).toBeGreaterThanOrEqual(-Errno.EAGAIN);
            if (count < 0) expect(one.poll() & Poll.OUT).toBe(0);
            sent += Math.max(0, count);
          } else {
            const part = take(other, length);
            if (typeof part === "number") expect([part, got]).toEqual([-Errno.EAGAIN, sent]);
            else expect(Buffer.compare(part, bytes(Math.min(length, sent - got), got))).toBe(0);
            if (typeof part !== "number") got += part.length;
          }
          expect(other.unread?.()).toBe(sent - got);
        }
        one.close();
        other.close();
        expect(origin.ipc.socketBytes).toBe(0);
      }),
    );
  });

  test("end for the other side when one goes; what it has not read is ECONNRESET", () => {
    const [one, other] = pair(SocketType.STREAM);
    one.write(bytes(3));
    one.close();
    expect(other.poll() & (Poll.IN | Poll.HUP | Poll.RDHUP)).toBe(Poll.IN | Poll.HUP | Poll.RDHUP);
    expect(take(other)).toEqual(bytes(3));
    expect(take(other)).toEqual(bytes(0));
    expect(other.write(bytes(1))).toBe(-Errno.EPIPE);
    const [third, fourth] = pair(SocketType.STREAM);
    fourth.write(bytes(3));
    third.close();
    expect(fourth.poll() & Poll.ERR).toBe(Poll.ERR);
    expect(take(fourth)).toBe(-Errno.ECONNRESET);
    expect(take(fourth)).toEqual(bytes(0));
  });

  test("shut down one way, go on the other way", () => {
    const [one, other] = pair(SocketType.STREAM);
    shutdown(one, 2);
    expect(one.write(bytes(1))).toBe(-Errno.EPIPE);
    expect(take(other)).toEqual(bytes(0));
    expect(other.write(bytes(2))).toBe(2);
    expect(take(one)).toEqual(bytes(2));
  });
});

describe("messages", () => {
  test("stay whole, even empty ones, and are cut at the receiver's room", () => {
    for (const type of [SocketType.DGRAM, SocketType.SEQPACKET]) {
      const [one, other] = pair(type);
      for (const length of [0, 5, 700]) expect(one.write(bytes(length))).toBe(length);
      expect(take(other)).toEqual(bytes(0));
      expect(take(other, 2)).toEqual(bytes(2));
      expect(take(other)).toEqual(bytes(700));
      expect(take(other)).toBe(-Errno.EAGAIN);
      expect(one.write(bytes(300_000))).toBe(-Errno.EMSGSIZE);
    }
  });

  test("wait when eleven are there", () => {
    const [one] = pair(SocketType.DGRAM);
    const results = Array.from({ length: 12 }, () => one.write(bytes(1)));
    expect(results.filter((count) => count === 1)).toHaveLength(11);
    expect(results.at(-1)).toBe(-Errno.EAGAIN);
    expect(one.poll() & Poll.OUT).toBe(0);
  });

  test("to one that is gone are refused", () => {
    const [one, other] = pair(SocketType.DGRAM);
    other.close();
    expect(one.write(bytes(1))).toBe(-Errno.ECONNREFUSED);
    expect(one.write(bytes(1))).toBe(-Errno.ENOTCONN);
  });
});

describe("connections", () => {
  test("wait to be accepted, no more than the backlog says", () => {
    const server = make(SocketType.STREAM);
    const clients = [1, 2, 3].map(() => make(SocketType.STREAM));
    const [first, second, third] = clients as [Socket, Socket, Socket];
    expect(connect(first, server)).toBe(-Errno.ECONNREFUSED);
    expect(accept(server)).toBe(-Errno.EINVAL);
    server.backlog = 1;
    expect(accept(server)).toBe(-Errno.EAGAIN);
    expect([connect(first, server), connect(second, server), connect(third, server)]).toEqual([
      0,
      0,
      -Errno.EAGAIN,
    ]);
    expect(server.poll() & Poll.IN).toBe(Poll.IN);
    first.write(bytes(4));
    const accepted = accept(server);
    expect(typeof accepted === "number" ? accepted : take(accepted)).toEqual(bytes(4));
    expect(connect(first, server)).toBe(-Errno.EISCONN);
    server.close();
    expect(take(second)).toBe(-Errno.ECONNRESET);
    expect(connect(third, server)).toBe(-Errno.ECONNREFUSED);
  });

  test("carry descriptors, and close those that nobody took", () => {
    const [one, other] = pair(SocketType.STREAM);
    const pipe = createPipe(origin);
    const [reader, writer] = [pipe.open(0), pipe.open(1)];
    retain(writer);
    expect(
      send(one, { bytes: bytes(2), files: [writer], from: undefined, credentials: OWNER }, undefined),
    ).toBe(2);
    one.write(bytes(2));
    expect(origin.ipc.passing).toBe(1);
    const got = receive(other, new Uint8Array(9), false);
    expect(got).toMatchObject({ count: 2, files: [writer] });
    expect(origin.ipc.passing).toBe(0);
    send(one, { bytes: bytes(2), files: [writer], from: undefined, credentials: OWNER }, undefined);
    other.close();
    expect(origin.ipc.passing).toBe(0);
    expect(reader.poll() & Poll.HUP).toBe(Poll.HUP);
    release(writer);
  });
});
