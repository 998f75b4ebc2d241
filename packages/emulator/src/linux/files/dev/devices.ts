import { Errno } from "../../errno.js";
import type { Random } from "../../random.js";
import type { Inode } from "../inode.js";
import type { FileTime, OpenFile } from "../open-file.js";
import { FileType } from "../open-file.js";
import {
  fixedDirectory,
  type SyntheticSystem,
  syntheticInode,
  syntheticLink,
} from "../synthetic/synthetic.js";
import { type DeviceActions, deviceInode } from "./device.js";

/** Far from the host's, see `sandbox.ts`. */
const DEVICE = 0xf_ff05;
/** devtmpfs is a tmpfs (statfs(2)). */
const MAGIC = 0x0102_1994;
const LINK_MODE = 0o777;

/** What devices need of the world. */
export interface DeviceWorld {
  readonly born: FileTime;
  readonly random: Random;
  /** Opens the terminal that controls the guest; undefined if none does. */
  readonly terminal?: (() => OpenFile) | undefined;
}

const zeros = (into: Uint8Array): number => {
  into.fill(0);
  return into.length;
};
const swallow = (bytes: Uint8Array): number => bytes.length;

/** The directory /dev: the devices of null(4), full(4), random(4) and tty(4), and the names of open files. */
export function deviceDirectory(world: DeviceWorld): Inode {
  const system: SyntheticSystem = { device: DEVICE, magic: MAGIC, born: world.born };
  let last = 1n;
  const next = (): bigint => {
    last += 1n;
    return last;
  };
  const device = (actions: DeviceActions): Inode => deviceInode(system, next(), actions);
  const link = (target: string): Inode =>
    syntheticLink(system, { mode: LINK_MODE, inode: next() }, () => target);
  const random = device({
    read(into) {
      world.random.fill(into);
      return into.length;
    },
    write: swallow,
  });
  return fixedDirectory(
    system,
    { mode: 0o755, inode: 1n },
    {
      fd: link("/proc/self/fd"),
      full: device({ read: zeros, write: (bytes) => (bytes.length === 0 ? 0 : -Errno.ENOSPC) }),
      null: device({ read: () => 0, write: swallow }),
      random,
      stderr: link("/proc/self/fd/2"),
      stdin: link("/proc/self/fd/0"),
      stdout: link("/proc/self/fd/1"),
      tty: terminal(system, next(), world),
      urandom: random,
      zero: device({ read: zeros, write: swallow }),
    },
  );
}

function terminal(system: SyntheticSystem, inode: bigint, world: DeviceWorld): Inode {
  return {
    ...syntheticInode(system, FileType.CHARACTER, { mode: 0o666, inode }),
    readLink: () => -Errno.EINVAL,
    open: () => world.terminal?.() ?? -Errno.ENXIO,
  };
}
