import type { Timeline } from "./data.js";

/** As much of Chrome's Trace Event Format as is shown. */
interface ChromeEvent {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Takes whole events, and names of threads, out of an array of events in Chrome's format. */
export function readChromeTrace(events: readonly ChromeEvent[]): Timeline {
  const names = new Map<string, string>();
  const threadOf = ({ pid, tid }: ChromeEvent): string => `${pid} ${tid}`;
  for (const event of events)
    if (event.ph === "M" && event.name === "thread_name")
      names.set(threadOf(event), String(event.args?.name));
  return {
    events: events
      .filter(({ ph }) => ph === "X")
      .map((event) => ({
        name: event.name,
        category: event.cat ?? "",
        thread: names.get(threadOf(event)) ?? threadOf(event),
        start: event.ts,
        duration: event.dur ?? 0,
        detail: Object.entries(event.args ?? {})
          .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
          .join(", "),
      })),
  };
}
