import { closeSync, constants, fstatSync, ftruncateSync, openSync } from "node:fs";
import { Failure, fileProblem } from "../failure.js";
import { writeFully } from "../output.js";

/** Where the JSON document goes. */
export interface JsonFile {
  /** Writes the document over what was there. @throws Failure */
  write(text: string): void;
}

const STDOUT = 1;

/**
 * Opens the file (`-` is standard output) before the guest runs, so that nobody waits for a result that cannot be saved.
 * What is in it stays until there is something to put there.
 * @throws Failure
 */
export function openJsonFile(path: string): JsonFile {
  if (path === "-") return { write: (text) => put("--json -", STDOUT, text) };
  const fd = attempt(`--json ${path}`, () => openSync(path, constants.O_WRONLY | constants.O_CREAT));
  return {
    write(text) {
      attempt(`--json ${path}`, () => fstatSync(fd).isFile() && ftruncateSync(fd));
      put(`--json ${path}`, fd, text);
      attempt(`--json ${path}`, () => closeSync(fd));
    },
  };
}

function put(name: string, fd: number, text: string): void {
  attempt(name, () => writeFully(fd, Buffer.from(text)));
}

function attempt<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Failure(`${name}: the results cannot be written: ${fileProblem(error)}`);
  }
}
