import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import type { Socket } from "../files/sockets/socket.js";
import { type Registers, uintArgument, wordArgument } from "../registers.js";
import { load64 } from "../structures.js";
import { socketAt } from "./socket-lookup.js";
import { HEADER_SIZE, receiveMessage, sendMessage } from "./socket-messages.js";

/** `struct mmsghdr` (recvmmsg(2)): a `struct msghdr`, and how many bytes were sent or received, padded. */
const ENTRY_SIZE = 64;
/** Most messages of a call (UIO_MAXIOV); more are taken for so many. */
const MOST_MESSAGES = 1024;
const MSG_DONTWAIT = 0x40;
const MSG_WAITFORONE = 0x1_0000;
const SECOND = 1_000_000_000;

/** How far a call has come that waits. */
interface Stage {
  done: number;
  /** When recvmmsg(2) looks for no further message. */
  readonly deadline: number;
}

const stages = new WeakMap<Context, Stage>();

function stageOf(context: Context, timeout: number): Stage {
  const known = context.retried ? stages.get(context) : undefined;
  if (known) return known;
  const begun = { done: 0, deadline: context.clock.nanoseconds() + timeout };
  stages.set(context, begun);
  return begun;
}

/** Transfers the message at an address: bytes, or a negated error number. It may wait. */
type One = (context: Context, socket: Socket, address: number, first: boolean) => number;

/**
 * Transfers message after message, until one fails or time is up.
 * @param failed told of an error behind the first message, which is not the call's result.
 */
function transferAll(
  context: Context,
  registers: Registers,
  timeout: number,
  transfer: One,
  failed?: (socket: Socket, error: number) => void,
): number {
  const socket = socketAt(context, registers);
  if (typeof socket === "number") return socket;
  const { memory } = context;
  const start = wordArgument(registers, 1);
  const count = Math.min(uintArgument(registers, 2), MOST_MESSAGES);
  const stage = stageOf(context, timeout);
  const told = (length: number): boolean => {
    const address = start + ENTRY_SIZE * stage.done + HEADER_SIZE;
    if (!memory.writable(address, 4)) return false;
    memory.view.setInt32(address, length, true);
    stage.done += 1;
    // What a message has come to is that message's: the next one begins anew.
    context.progress = 0;
    return true;
  };
  while (stage.done < count) {
    const result = transfer(context, socket, start + ENTRY_SIZE * stage.done, stage.done === 0);
    if (context.wait) {
      const { wait } = context;
      context.block({
        ...wait,
        abandon() {
          if (context.progress > 0) told(context.progress);
          context.progress = stage.done;
        },
      });
      return 0;
    }
    if (result < 0) {
      if (stage.done === 0) return result;
      failed?.(socket, -result);
      break;
    }
    if (!told(result)) return stage.done > 0 ? stage.done : -Errno.EFAULT;
    if (context.clock.nanoseconds() >= stage.deadline) break;
  }
  return stage.done;
}

const sendmmsg: Handler = (context, registers) => {
  const flags = uintArgument(registers, 3);
  return transferAll(context, registers, Number.POSITIVE_INFINITY, (context, socket, address) =>
    sendMessage(context, socket, address, flags),
  );
};

/** The timeout is looked at after each message, as in Linux: a call whose first message never comes waits for ever. */
const recvmmsg: Handler = (context, registers) => {
  const flags = uintArgument(registers, 3);
  const timeout = timeoutAt(context, wordArgument(registers, 4));
  if (timeout < 0) return timeout;
  const waitsForOne = (flags & MSG_WAITFORONE) !== 0;
  const receive: One = (context, socket, address, first) => {
    const waits = first || !waitsForOne;
    return receiveMessage(context, socket, address, (flags & ~MSG_WAITFORONE) | (waits ? 0 : MSG_DONTWAIT));
  };
  // The next call is told of it (recvmmsg(2), "BUGS").
  return transferAll(context, registers, timeout, receive, (socket, error) => {
    if (error !== Errno.EAGAIN) socket.error = error;
  });
};

/** The nanoseconds of a `struct timespec`, for ever if there is none, or a negated error number. */
function timeoutAt({ memory }: Context, address: number): number {
  if (address === 0) return Number.POSITIVE_INFINITY;
  if (!memory.read(address, 16)) return -Errno.EFAULT;
  const seconds = load64(memory, address);
  const nanoseconds = load64(memory, address + 8);
  if (seconds < 0 || nanoseconds < 0 || nanoseconds >= SECOND) return -Errno.EINVAL;
  return seconds * SECOND + nanoseconds;
}

/** Several messages by one call: sendmmsg(2), recvmmsg(2). */
export const manyMessageCalls: HandlerTable = { sendmmsg, recvmmsg };
