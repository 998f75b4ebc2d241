import { createConnection, createServer, type Socket } from "node:net";
import { workerData } from "node:worker_threads";
import type { FromSocket, LinkSetup, ToSocket } from "./link-messages.js";

// This thread waits for the socket while the guest's thread runs the guest, and rings when there is something for it.

const RETRIES = 10;
const RETRY_MILLISECONDS = 50;

const { path, seconds, port, bell }: LinkSetup = workerData;

function tell(message: FromSocket): void {
  port.postMessage(message);
  Atomics.add(bell, 0, 1);
  Atomics.notify(bell, 0);
}

function fail(why: string): void {
  tell({ kind: "failed", why });
  port.close();
}

function converse(socket: Socket): void {
  let broken = "";
  socket.on("data", (bytes) => tell({ kind: "data", bytes }));
  socket.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== "ECONNRESET" && code !== "EPIPE") broken = message;
  });
  socket.on("close", () => {
    if (broken === "") tell({ kind: "closed" });
    else tell({ kind: "failed", why: broken });
    port.close();
  });
  port.on("message", (message: ToSocket) => {
    if (message === null) socket.end();
    else socket.write(message);
  });
  tell({ kind: "connected" });
}

/**
 * The second one to come finds the socket of the first, as with QEMU's plugin. The first one may have made it, and not listen
 * yet: so this is tried for a while.
 */
function connect(triesLeft: number): void {
  const socket = createConnection(path);
  const refused = ({ code, message }: NodeJS.ErrnoException): void => {
    if (code !== "ECONNREFUSED") fail(`it cannot be connected to: ${message}`);
    else if (triesLeft > 0) setTimeout(connect, RETRY_MILLISECONDS, triesLeft - 1);
    else fail("nobody listens there any more; remove it, and start both sides again");
  };
  socket.once("error", refused);
  socket.once("connect", () => {
    socket.off("error", refused);
    converse(socket);
  });
}

const server = createServer();
const late = setTimeout(() => {
  server.close();
  fail(
    `the other side has not come within ${seconds} s; run another qpp with -p lockstep,sockpath=${path}, or give timeout=SECONDS`,
  );
}, seconds * 1000);
server.once("error", (error: NodeJS.ErrnoException) => {
  clearTimeout(late);
  if (error.code === "EADDRINUSE") connect(RETRIES);
  else fail(`it cannot be made: ${error.message}`);
});
server.once("connection", (socket) => {
  clearTimeout(late);
  // One other side is all there is; this removes the file, too.
  server.close();
  converse(socket);
});
// A guest that ends while nobody has come takes the socket with it.
port.on("message", (message: ToSocket) => {
  if (message !== null || !server.listening) return;
  clearTimeout(late);
  server.close();
  tell({ kind: "closed" });
  port.close();
});
server.listen(path);
