import type { Buffer } from "node:buffer";
import { statfsSync } from "node:fs";

/**
 * File systems by which a host's kernel shows and changes itself (include/uapi/linux/magic.h): what is in them are no files,
 * and reading or writing one can do anything. A tree of the host that such a one is mounted in ends there.
 */
const FOREIGN: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x6265_6572, // sysfs
  0x6462_6720, // debugfs
  0x7472_6163, // tracefs
  0x7363_6673, // securityfs
  0x6265_6570, // configfs
  0x0027_e0eb, // cgroup
  0x6367_7270, // cgroup2
  0xcafe_4a11, // bpf
  0x1cd1, // devpts
  0xde5e_81e4, // efivarfs
  0x6165_676c, // pstore
  0x6573_5543, // fusectl
  0xf97c_ff8c, // selinux
  0x4249_4e4d, // binfmt_misc
  0x0187, // autofs: looking mounts things
]);

const known = new Map<bigint, boolean>();

/** Whether a directory is on a file system that is never shown. */
export function isForeign(device: bigint, path: string | Buffer): boolean {
  let foreign = known.get(device);
  if (foreign === undefined) {
    // Signed on some hosts.
    foreign = FOREIGN.has(statfsSync(path).type >>> 0);
    known.set(device, foreign);
  }
  return foreign;
}
