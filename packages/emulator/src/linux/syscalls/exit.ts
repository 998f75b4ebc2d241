import type { Handler, HandlerTable } from "../context.js";
import { intArgument } from "../registers.js";

/** The parent sees the low eight bits of the status (exit_group(2)). There is one thread, so both calls end it all. */
const exit: Handler = (context, registers) => {
  context.end({ kind: "exit", code: intArgument(registers, 0) & 0xff });
  return 0;
};

/** exit(2) and exit_group(2). */
export const exitCalls: HandlerTable = { exit, exit_group: exit };
