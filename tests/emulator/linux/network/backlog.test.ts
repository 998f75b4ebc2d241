import { expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import {
  bindTo,
  connectTo,
  createInetSocket,
} from "../../../../packages/emulator/src/linux/files/sockets/inet.js";
import { endpointOf } from "../../../../packages/emulator/src/linux/files/sockets/inet-address.js";
import { Family } from "../../../../packages/emulator/src/linux/files/sockets/rules.js";
import {
  accept,
  type Socket,
  takeError,
} from "../../../../packages/emulator/src/linux/files/sockets/socket.js";
import { SocketType } from "../../../../packages/emulator/src/linux/files/sockets/socket-type.js";
import { createOrigin } from "../ipc/origin.js";

const OWNER = { pid: 100, uid: 1000, gid: 1000 };
const origin = createOrigin();
const make = (): Socket => createInetSocket(origin, Family.INET, SocketType.STREAM, OWNER, 0);

test("connections that nobody accepts are few, whoever asks for them", () => {
  const listener = make();
  expect(bindTo(listener, { address: "7f000001", port: 0 })).toBe(0);
  listener.backlog = 3;
  const to = endpointOf(listener.name ?? "");
  const errors = Array.from({ length: 1000 }, () => {
    const client = make();
    expect(connectTo(client, to, false)).toBe(-Errno.EINPROGRESS);
    const error = takeError(client);
    client.close();
    return error;
  });
  // As many as the backlog says, and one (listen(2)).
  expect(errors.filter((error) => error === 0)).toHaveLength(4);
  expect(new Set(errors)).toEqual(new Set([0, Errno.ECONNREFUSED]));
  expect(listener.waiting).toHaveLength(4);
  expect(connectTo(make(), to, true)).toBe(-Errno.EAGAIN);
  expect(typeof accept(listener)).toBe("object");
  expect(connectTo(make(), to, true)).toBe(0);
});
