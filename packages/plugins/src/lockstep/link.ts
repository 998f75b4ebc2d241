import { createContext, runInContext } from "node:vm";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { FromSocket, LinkSetup } from "./link-messages.js";
import { createMessageReader, type Message } from "./protocol.js";

/** Waits that are longer than this can be interrupted, which takes longer to set up. */
const SHORT_MILLISECONDS = 20;
/** For what the other side has been sent to be on its way. */
const LAST_MILLISECONDS = 5000;
/** What the thread takes to start, at most. */
const START_SECONDS = 30;

/** A wait was ended by Ctrl-C. */
export class InterruptedWait extends Error {}

/** The other side. What waits, waits in the guest's thread, and lets the guest wait. */
export interface Link {
  /** Waits for the other side to come. @throws Error if it does not; InterruptedWait */
  connect(): void;
  /** Sends bytes, which are not changed afterwards. */
  send(bytes: Uint8Array): void;
  /** Waits for the next message; undefined if the other side has closed. @throws Error if the socket fails; InterruptedWait */
  receive(): Message | undefined;
  /** Ends, when all that was sent is on its way. */
  close(): void;
}

/** Begins to listen or connect at a path; where nobody listens yet, this side does. */
export function openLink(path: string, seconds: number): Link {
  const { port1: port, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const setup: LinkSetup = { path, seconds, port: port2, bell };
  const worker = new Worker(new URL("./socket-worker.js", import.meta.url), {
    workerData: setup,
    transferList: [port2],
  });
  worker.unref();
  port.unref();
  const reader = createMessageReader();
  let closed = false;

  /** What has come next; undefined if nothing has within so long. */
  function take(milliseconds: number): FromSocket | undefined {
    const until = performance.now() + milliseconds;
    for (;;) {
      const rung = Atomics.load(bell, 0);
      const received: { message: FromSocket } | undefined = receiveMessageOnPort(port);
      if (received) return received.message;
      const left = until - performance.now();
      if (left <= 0) return undefined;
      if (Atomics.wait(bell, 0, rung, Math.min(SHORT_MILLISECONDS, left)) === "timed-out")
        waitInterruptibly(bell, rung, left);
    }
  }

  function failure(why: string): Error {
    closed = true;
    return new Error(`sockpath=${path}: ${why}`);
  }

  return {
    connect() {
      const message = take((seconds + START_SECONDS) * 1000);
      if (message?.kind === "connected") return;
      throw failure(message?.kind === "failed" ? message.why : "the thread for the socket has not started");
    },
    send: (bytes) => port.postMessage(bytes),
    receive() {
      for (;;) {
        const next = reader.next();
        if (next) return next;
        if (closed) return undefined;
        const message = take(Number.POSITIVE_INFINITY);
        if (message?.kind === "data") reader.push(message.bytes);
        else if (message?.kind === "failed") throw failure(message.why);
        else closed = true;
      }
    },
    close() {
      port.postMessage(null);
      const until = performance.now() + LAST_MILLISECONDS;
      try {
        while (!closed) closed = take(until - performance.now())?.kind !== "data";
      } catch (error) {
        // Then it goes as it is.
        if (!(error instanceof InterruptedWait)) throw error;
      }
      port.close();
    },
  };
}

/**
 * Sleeps until the bell rings, or so long. Node tells of signals when its loop turns, which a thread that sleeps keeps it from; here
 * Ctrl-C ends the wait, and is then told to whoever listens for it.
 */
function waitInterruptibly(bell: Int32Array<SharedArrayBuffer>, rung: number, milliseconds: number): void {
  const context = createContext({ wait: () => void Atomics.wait(bell, 0, rung, milliseconds) });
  try {
    runInContext("wait()", context, { breakOnSigint: true });
  } catch (error) {
    if (!isInterruption(error)) throw error;
    process.kill(process.pid, "SIGINT");
    throw new InterruptedWait("Ctrl-C ended the wait for the other side");
  }
}

/** Not by its class: the error is one of the context's. */
function isInterruption(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED"
  );
}
