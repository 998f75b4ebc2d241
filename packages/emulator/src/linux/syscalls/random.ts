import type { Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { uintArgument, wordArgument } from "../registers.js";

/** Flags of getrandom(2). */
const GRND_NONBLOCK = 1;
const GRND_RANDOM = 2;
const GRND_INSECURE = 4;
/** Linux cuts longer requests to this (getrandom(2), INT_MAX without the last page). */
const MOST_BYTES = 0x7fff_f000;

const getrandom: Handler = (context, registers) => {
  const flags = uintArgument(registers, 2);
  const both = GRND_RANDOM | GRND_INSECURE;
  if (flags & ~(GRND_NONBLOCK | both) || (flags & both) === both) return -Errno.EINVAL;
  const length = Math.min(wordArgument(registers, 1), MOST_BYTES);
  const into = context.memory.writable(wordArgument(registers, 0), length);
  if (!into) return -Errno.EFAULT;
  context.random.fill(into);
  return length;
};

/** getrandom(2), from the seeded generator. */
export const randomCalls: HandlerTable = { getrandom };
