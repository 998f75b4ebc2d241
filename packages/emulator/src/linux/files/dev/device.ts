import { Errno } from "../../errno.js";
import type { Inode } from "../inode.js";
import { FileType, type OpenFile, STATUS_FLAGS } from "../open-file.js";
import { ALWAYS_READY } from "../readiness.js";
import { type SyntheticSystem, syntheticInode } from "../synthetic/synthetic.js";
import { pathOf } from "../tree/place.js";

/** What a character device does with bytes: counts, or negated error numbers. */
export interface DeviceActions {
  read(into: Uint8Array): number;
  write(bytes: Uint8Array): number;
}

/** A character device that is made up. Everybody may read and write it. */
export function deviceInode(system: SyntheticSystem, inode: bigint, actions: DeviceActions): Inode {
  const device: Inode = {
    ...syntheticInode(system, FileType.CHARACTER, { mode: 0o666, inode }),
    readLink: () => -Errno.EINVAL,
    // Nothing is cut off, and nobody minds: shells open /dev/null with O_TRUNC.
    truncate: () => -Errno.EINVAL,
    open: (flags, place): OpenFile => ({
      path: place ? pathOf(place) : "",
      isDirectory: false,
      ...(place && { place }),
      inode: device,
      flags: flags & STATUS_FLAGS,
      terminal: false,
      read: actions.read,
      readAt: actions.read,
      write: actions.write,
      writeAt: actions.write,
      seek: () => 0,
      truncate: () => -Errno.EINVAL,
      sync: () => -Errno.EINVAL,
      changeMode: () => -Errno.EPERM,
      readEntries: () => -Errno.ENOTDIR,
      status: () => device.status(),
      poll: () => ALWAYS_READY,
      close: () => {},
    }),
  };
  return device;
}
