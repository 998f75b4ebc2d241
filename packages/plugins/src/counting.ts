import type { EventLanes } from "@qpp/emulator/contract";

/** A number that grows. */
export interface Count {
  readonly value: number;
}

/**
 * Counts events: inside the translated code, or, as QEMU's plugins do with `inline=off`, by a callback for each. The count is
 * the same; a callback costs a call.
 */
export function counting<Args extends readonly unknown[], Event, Batch, Site>(
  events: EventLanes<Args, Event, Batch, Site>,
  inline: boolean,
): Count {
  if (inline) return events.count();
  const count = { value: 0 };
  events.register(() => void count.value++, { registers: "none" });
  return count;
}
