import type { GuestMemory } from "../memory/guest-memory.js";
import { Errno } from "./errno.js";
import type { FileStatus, FileTime } from "./files/open-file.js";

/** Structures that system calls read from and write to the guest. All are little-endian. */

const TWO_32 = 0x1_0000_0000;
const NANOSECONDS_PER_SECOND = 1_000_000_000;

/** Writes a 64-bit number; two's complement for negative ones. No check: see {@link GuestMemory.writable}. */
export function store64(memory: GuestMemory, address: number, value: number): void {
  memory.view.setUint32(address, value % TWO_32, true);
  memory.view.setUint32(address + 4, Math.floor(value / TWO_32), true);
}

/** Reads a signed 64-bit number, rounded beyond 2^53. No check: see {@link GuestMemory.read}. */
export function load64(memory: GuestMemory, address: number): number {
  return memory.view.getInt32(address + 4, true) * TWO_32 + memory.view.getUint32(address, true);
}

/** Writes a `struct timespec`, or a pair of any two 64-bit numbers. 0, or -EFAULT. */
export function storePair(memory: GuestMemory, address: number, first: number, second: number): number {
  if (!memory.writable(address, 16)) return -Errno.EFAULT;
  store64(memory, address, first);
  store64(memory, address + 8, second);
  return 0;
}

/** The longest time that the kernel counts, 292 years (include/linux/ktime.h, KTIME_MAX). */
const LONGEST_TIME = 2 ** 63;

/**
 * A `struct timespec` of the guest as nanoseconds, cut to what the kernel can count; -EFAULT, or -EINVAL if it is no
 * valid duration.
 */
export function loadTimespec(memory: GuestMemory, address: number): number {
  if (!memory.read(address, 16)) return -Errno.EFAULT;
  const seconds = load64(memory, address);
  const nanoseconds = load64(memory, address + 8);
  if (seconds < 0 || nanoseconds < 0 || nanoseconds >= NANOSECONDS_PER_SECOND) return -Errno.EINVAL;
  return Math.min(seconds * NANOSECONDS_PER_SECOND + nanoseconds, LONGEST_TIME);
}

/** Bytes of {@link storeStatus}'s structure. */
const STAT_SIZE = 128;

/** Writes a `struct stat` (include/uapi/asm-generic/stat.h). 0, or -EFAULT. */
export function storeStatus(memory: GuestMemory, address: number, status: FileStatus): number {
  const target = memory.writable(address, STAT_SIZE);
  if (!target) return -Errno.EFAULT;
  const { view } = memory;
  target.fill(0);
  store64(memory, address, status.device);
  view.setBigUint64(address + 8, status.inode, true);
  view.setUint32(address + 16, status.mode, true);
  view.setUint32(address + 20, status.links, true);
  view.setUint32(address + 24, status.uid, true);
  view.setUint32(address + 28, status.gid, true);
  store64(memory, address + 48, status.size);
  view.setUint32(address + 56, status.blockSize, true);
  store64(memory, address + 64, status.blocks);
  [status.accessed, status.modified, status.changed].forEach((time, index) => {
    store64(memory, address + 72 + 16 * index, time.seconds);
    store64(memory, address + 80 + 16 * index, time.nanoseconds);
  });
  return 0;
}

const STATX_SIZE = 256;
/** STATX_BASIC_STATS: everything that stat(2) gives as well. */
const STATX_BASIC = 0x7ff;

/** Writes a `struct statx` with the basic fields (statx(2)). 0, or -EFAULT. */
export function storeExtendedStatus(memory: GuestMemory, address: number, status: FileStatus): number {
  const target = memory.writable(address, STATX_SIZE);
  if (!target) return -Errno.EFAULT;
  const { view } = memory;
  const storeTime = (at: number, time: FileTime): void => {
    store64(memory, at, time.seconds);
    view.setUint32(at + 8, time.nanoseconds, true);
  };
  target.fill(0);
  view.setUint32(address, STATX_BASIC, true);
  view.setUint32(address + 4, status.blockSize, true);
  view.setUint32(address + 16, status.links, true);
  view.setUint32(address + 20, status.uid, true);
  view.setUint32(address + 24, status.gid, true);
  view.setUint16(address + 28, status.mode, true);
  view.setBigUint64(address + 32, status.inode, true);
  store64(memory, address + 40, status.size);
  store64(memory, address + 48, status.blocks);
  storeTime(address + 0x40, status.accessed);
  storeTime(address + 0x60, status.changed);
  storeTime(address + 0x70, status.modified);
  view.setUint32(address + 0x88, deviceMajor(status.device), true);
  view.setUint32(address + 0x8c, deviceMinor(status.device), true);
  return 0;
}

/** The parts of a device number as makedev(3) puts them together. */
const deviceMajor = (device: number): number => Math.floor(device / 256) & 0xfff;
const deviceMinor = (device: number): number => (device & 0xff) | ((device >>> 12) & 0xfff00);
