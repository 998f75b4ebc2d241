import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { Failure, fileProblem } from "./failure.js";

/** More than this no program has that would fit into the guest's memory. */
const LARGEST_PROGRAM = 2 ** 30;

/** Reads the guest program. What is in it is for the machine to judge. @throws Failure */
export function readProgram(path: string): Uint8Array {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw new Failure(`${path}: it is a directory; give a program`);
    if (!stats.isFile()) throw new Failure(`${path}: it is not a regular file; give a program`);
    if (stats.size > LARGEST_PROGRAM) {
      throw new Failure(`${path}: it has ${stats.size} bytes; a program of more than 1 GiB cannot be run`);
    }
    return readFileSync(fd);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`${path}: ${fileProblem(error)}`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
