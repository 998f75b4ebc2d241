import type { Context } from "./context.js";
import { Errno } from "./errno.js";
import { decodeName } from "./files/file-name.js";

/** Longest path with its NUL (PATH_MAX, path_resolution(7)). */
const PATH_MAX = 4096;

/**
 * Reads a path of the guest, which may be any bytes: see `files/file-name.ts`.
 * @returns the path, or a negated error number.
 */
export function loadPath(context: Context, address: number): string | number {
  const bytes = context.memory.readCString(address, PATH_MAX);
  if (bytes === undefined) return -Errno.EFAULT;
  if (bytes === "too-long") return -Errno.ENAMETOOLONG;
  return decodeName(bytes);
}

/** Writes bytes to the guest. 0, or -EFAULT. */
export function storeBytes(context: Context, address: number, bytes: Uint8Array): number {
  return context.memory.write(address, bytes) ? 0 : -Errno.EFAULT;
}

/** Writes a 32-bit number to the guest. 0, or -EFAULT. */
export function storeWord(context: Context, address: number, value: number): number {
  if (!context.memory.writable(address, 4)) return -Errno.EFAULT;
  context.memory.view.setUint32(address, value, true);
  return 0;
}
