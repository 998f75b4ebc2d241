import type { Context } from "../context.js";
import { SignalCode, sentInfo } from "./info.js";
import { sendToThread } from "./send.js";

/** Sends a thread a signal that comes of its own system call, such as SIGPIPE: as if it had sent it to itself. */
export function raiseSignal({ signals, identity }: Context, signal: number): void {
  sendToThread(signals, { info: sentInfo(signal, SignalCode.USER, identity.pid, identity.uid) });
}
