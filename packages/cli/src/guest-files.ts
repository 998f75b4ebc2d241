import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type FilePermissions, locateProgram } from "@qpp/emulator";
import { Failure, fileProblem } from "./failure.js";
import type { GuestOptions } from "./options.js";
import { readProgram } from "./read-program.js";

/** The program to run, and the files that it gets. */
interface GuestFiles {
  /** Path of the program, as the guest sees it. */
  readonly path: string;
  readonly image: Uint8Array;
  readonly files: FilePermissions;
}

/**
 * Finds the program, in the guest's root if it is there, and what files the guest gets.
 * @throws Failure if there is no such program, or no such root.
 */
export function guestFiles(path: string, options: GuestOptions): GuestFiles {
  const { root, allowRead, allowWrite, tmpfs, maxFiles, maxOutput } = options;
  const files: FilePermissions = {
    cwd: process.cwd(),
    root,
    allowRead,
    allowWrite,
    tmpfs,
    maxFiles,
    maxOutput,
  };
  if (root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure(`--root ${root}: there is no such folder`);
  }
  let found: ReturnType<typeof locateProgram>;
  try {
    found = locateProgram(files, path);
  } catch (error) {
    throw new Failure(`${path}: ${fileProblem(error)}`);
  }
  if (found) return { ...found, files };
  const image = readProgram(path);
  return root === undefined
    ? { path, image, files }
    : { path: resolve(path), image, files: { ...files, program: path } };
}
