import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import type { Socket } from "../files/sockets/socket.js";
import { timeoutOf } from "./socket-options.js";

/**
 * Has a call wait on a socket, no longer than its timeout says (socket(7), SO_RCVTIMEO): then -EAGAIN. A call with a timeout is not
 * made again after a signal (signal(7)).
 */
export function waitOn(
  context: Context,
  socket: Socket,
  what: "receive" | "send",
  ready: () => boolean,
): number {
  const timeout = timeoutOf(socket, what);
  if (timeout === undefined) return context.block({ ready });
  const deadline = context.deadline(timeout);
  if (context.clock.nanoseconds() >= deadline) return -Errno.EAGAIN;
  return context.block({ ready, deadline, restart: false });
}
