import { QppError } from "@qpp/core";

/** `QPP_TRACE`: what was to be read is no trace, or no whole one. The message says where, and what may have happened. */
export class TraceError extends QppError {
  constructor(message: string) {
    super("QPP_TRACE", message);
  }
}
