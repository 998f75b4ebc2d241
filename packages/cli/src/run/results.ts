import type { Fault, Outcome } from "@qpp/core";
import { messageOf } from "../failure.js";

/**
 * The results by plugin, as JSON can carry them. What it cannot (a bigint, a circle) is left out, and is a fault of its plugin.
 */
export function jsonResults(
  outcomes: ReadonlyMap<string, Outcome>,
  onFault: (fault: Fault) => void,
): Readonly<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  for (const [plugin, { result }] of outcomes) {
    try {
      const text = JSON.stringify(result);
      if (text !== undefined) results[plugin] = JSON.parse(text);
    } catch (cause) {
      const why = messageOf(cause).split("\n")[0];
      const message = `plugin "${plugin}" failed in report: JSON cannot carry its result: ${why}`;
      onFault({ plugin, where: "report", callback: undefined, cause, at: undefined, lost: [], message });
    }
  }
  return results;
}
