import type { OutputFile } from "@qpp/core";

/** Arguments of an event, for people. */
export type Details = Readonly<Record<string, string | number>>;

/** A trace in Chrome's Trace Event Format, which Perfetto and chrome://tracing open. */
export interface TraceFile {
  /** Something that lasted from `start` for `duration` nanoseconds. */
  span(
    category: string,
    name: string,
    pid: number,
    tid: number,
    start: number,
    duration: number,
    details?: Details,
  ): void;
  /** Names a process, or a thread of it. */
  name(kind: "process_name" | "thread_name", pid: number, tid: number, name: string): void;
  /** No more comes. */
  end(): void;
}

/**
 * Writes the array form of the format, which may end anywhere: "the `]` at the end is optional". So a run that breaks off leaves
 * a trace that can be opened. Times are microseconds there, with as many digits as they need.
 */
export function createTraceFile(file: OutputFile): TraceFile {
  let separator = "[\n";
  const put = (event: Readonly<Record<string, unknown>>): void => {
    file.write(separator + JSON.stringify(event));
    separator = ",\n";
  };
  return {
    span: (cat, name, pid, tid, start, duration, args) =>
      put({ ph: "X", cat, name, pid, tid, ts: start / 1000, dur: duration / 1000, ...(args && { args }) }),
    name: (kind, pid, tid, name) => put({ ph: "M", name: kind, pid, tid, ts: 0, args: { name } }),
    end: () => file.write(separator === "[\n" ? "[]\n" : "\n]\n"),
  };
}
