import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import type { FileChunk, FileSink, OpenFile } from "@qpp/core";
import { Failure, fileProblem } from "../failure.js";
import { writeFully } from "../output.js";

/** Bytes that are gathered before they are written: plugins write line by line. */
const BUFFER_BYTES = 1 << 16;

/**
 * Makes files for plugins: those with a name in `folder`, none without a folder; those with a path of the user's where that
 * says.
 *
 * @param folder for `--out`; made if it is not there
 * @throws Failure if the folder cannot be made
 */
export function pluginFiles(folder: string | undefined): OpenFile {
  if (folder !== undefined) attempt(`--out ${folder}`, () => mkdirSync(folder, { recursive: true }));
  const writers = new Map<string, string>();
  return (plugin, name) => {
    if (typeof name === "string" && folder === undefined) return undefined;
    const path = typeof name === "string" ? join(folder ?? "", ownName(name)) : name.path;
    const other = writers.get(resolve(path));
    if (other !== undefined)
      throw new Failure(`${path}: ${other} has written that file already; give one of them another name`);
    writers.set(resolve(path), `plugin "${plugin}"`);
    return openSink(path);
  };
}

function ownName(name: string): string {
  if (name === "" || isAbsolute(name) || normalize(name).startsWith(".."))
    throw new Failure(`${JSON.stringify(name)} is no name of a file inside of a folder`);
  return name;
}

function openSink(path: string): FileSink {
  const fd = attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "w");
  });
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let length = 0;
  const flush = (): void => {
    const filled = buffer.subarray(0, length);
    length = 0;
    attempt(path, () => writeFully(fd, filled));
  };
  const put = (bytes: Uint8Array): void => {
    if (length + bytes.length > BUFFER_BYTES) flush();
    if (bytes.length > BUFFER_BYTES) {
      attempt(path, () => writeFully(fd, bytes));
    } else {
      buffer.set(bytes, length);
      length += bytes.length;
    }
  };
  return {
    write: (chunk: FileChunk) => put(typeof chunk === "string" ? Buffer.from(chunk) : chunk),
    close() {
      try {
        flush();
      } finally {
        closeSync(fd);
      }
    },
  };
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Failure(`${what}: it cannot be written: ${fileProblem(error)}`);
  }
}
