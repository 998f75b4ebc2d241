import type { Context } from "./context.js";
import { pathOf } from "./files/tree/place.js";

/** Where a program file is, whatever links and working directory lead there: what `/proc/self/exe` is from now on. */
export function executablePath(context: Context, path: string): string {
  const found = context.sandbox.find({ pid: context.process.pid, tid: context.tid }, path, { follow: true });
  if (typeof found === "number") return path;
  const place = found.kind === "file" ? found.file.place : found.place;
  return place ? pathOf(place) : path;
}
