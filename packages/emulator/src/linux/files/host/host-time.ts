import type { FileTime } from "../open-file.js";

/** A time as the functions of `node:fs` take it, in seconds: exact to less than a microsecond. */
export function secondsOf(time: FileTime | "now" | undefined, old: bigint): number {
  if (time === "now") return Date.now() / 1000;
  return time ? time.seconds + time.nanoseconds / 1e9 : Number(old) / 1e9;
}
