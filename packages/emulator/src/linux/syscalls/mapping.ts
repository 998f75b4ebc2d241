import { GUEST_END, GUEST_START } from "../../memory/layout.js";
import { type Backing, isPageAligned } from "../../memory/mappings.js";
import { createSharedMemory } from "../../memory/shared-object.js";
import { MMAP_TOP, pageCeil } from "../address-space.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { Seal } from "../files/memory/seals.js";
import { type FileStatus, FileType, isReadable, isWritable, type OpenFile } from "../files/open-file.js";
import { fileKey, mappedFile } from "../mapped-file.js";
import { effectiveProtection, Protection } from "../protection.js";
import { intArgument, longArgument, uintArgument, wordArgument } from "../registers.js";

/** Flags of mmap(2) (include/uapi/asm-generic/mman-common.h; include/uapi/linux/mman.h). */
const MapFlag = {
  SHARED: 0x01,
  PRIVATE: 0x02,
  SHARED_VALIDATE: 0x03,
  TYPE: 0x0f,
  FIXED: 0x10,
  ANONYMOUS: 0x20,
  HUGETLB: 0x4_0000,
  FIXED_NOREPLACE: 0x10_0000,
} as const;
/**
 * What MAP_SHARED_VALIDATE takes: the flags above, and those that change nothing here: GROWSDOWN (which does not grow),
 * DENYWRITE, EXECUTABLE, LOCKED, NORESERVE, POPULATE, NONBLOCK, STACK.
 */
const KNOWN_FLAGS = 0x17_f93f;
const ALL_PROTECTIONS: number = Protection.READ | Protection.WRITE | Protection.EXEC;
/** mprotect(2): from the start of a mapping that grows down; glibc makes stacks executable so. */
const PROT_GROWSDOWN = 0x0100_0000;
const FILE_TYPE_MASK = 0o170000;
/** Linux's default `vm.max_map_count`. */
const MOST_MAPPINGS = 65_530;

/** Whether a range of whole pages lies in the guest's address space. */
export function isGuestRange(address: number, length: number): boolean {
  return isPageAligned(address) && length > 0 && address >= GUEST_START && address + length <= GUEST_END;
}

/** -ENOMEM, after telling the user once that it was the limit that was in the way. */
export function refuseMemory(context: Context): number {
  const mebibytes = Math.floor(context.memory.limit / 0x10_0000);
  context.reportOnce(
    "memory limit",
    `the guest has all the memory that it may have, ${mebibytes} MiB; it gets ENOMEM: raise the limit with --max-memory`,
  );
  return -Errno.ENOMEM;
}

const mmap: Handler = (context, registers) => {
  const hint = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  const prot = effectiveProtection(intArgument(registers, 2) & ALL_PROTECTIONS);
  const flags = uintArgument(registers, 3);
  const offset = wordArgument(registers, 5);
  const type = flags & MapFlag.TYPE;
  const shared = type === MapFlag.SHARED || type === MapFlag.SHARED_VALIDATE;
  if (!isPageAligned(offset) || length === 0 || (!shared && type !== MapFlag.PRIVATE)) return -Errno.EINVAL;
  if (type === MapFlag.SHARED_VALIDATE && flags & ~KNOWN_FLAGS) return -Errno.EOPNOTSUPP;
  if (flags & MapFlag.HUGETLB) return -Errno.ENOMEM;

  const anonymous = (flags & MapFlag.ANONYMOUS) !== 0;
  const file = anonymous ? undefined : context.descriptors.get(intArgument(registers, 4));
  if (!anonymous && !file) return -Errno.EBADF;
  if (context.memory.mappings.length >= MOST_MAPPINGS) return -Errno.ENOMEM;
  const address = place(context, hint, length, flags);
  if (address < 0) return address;
  if (!Number.isSafeInteger(offset + length)) return -Errno.EOVERFLOW;
  const backing = file
    ? fileBacking(context, file, offset, prot, shared)
    : anonymousBacking(shared ? length : undefined);
  if (typeof backing === "number") return backing;
  if (context.memory.map(address, length, prot, backing)) return address;
  // What nobody has come to map is forgotten.
  backing.object?.retain();
  backing.object?.release();
  return refuseMemory(context);
};

/** Where a mapping goes, or a negated error number. */
function place(context: Context, hint: number, length: number, flags: number): number {
  if (!(flags & (MapFlag.FIXED | MapFlag.FIXED_NOREPLACE))) {
    return context.memory.findFree(length, pageCeil(hint), MMAP_TOP) ?? -Errno.ENOMEM;
  }
  if (!isPageAligned(hint)) return -Errno.EINVAL;
  if (hint + length > GUEST_END) return -Errno.ENOMEM;
  if (hint < GUEST_START) return -Errno.EPERM;
  const taken = context.memory.mappingsWithin(hint, length).length > 0;
  return flags & MapFlag.FIXED_NOREPLACE && taken ? -Errno.EEXIST : hint;
}

/** Zeros: private ones, or `size` bytes that a child of a fork shares. */
function anonymousBacking(size: number | undefined): Backing {
  const object = size === undefined ? undefined : createSharedMemory(size);
  return { name: "", file: false, offset: 0, shared: object !== undefined, object };
}

/** What a mapping of a file shows, or a negated error number. */
function fileBacking(
  context: Context,
  file: OpenFile,
  offset: number,
  prot: number,
  shared: boolean,
): Backing | number {
  let status: FileStatus | undefined;
  const found = hostCall(() => {
    status = file.status();
    return 0;
  });
  if (!status) return found;
  const kind = status.mode & FILE_TYPE_MASK;
  // /dev/zero is how shared and private memory was had before MAP_ANONYMOUS (mem(4)).
  if (kind === FileType.CHARACTER && file.path === "/dev/zero") {
    return anonymousBacking(shared ? Number.MAX_SAFE_INTEGER : undefined);
  }
  if (kind !== FileType.REGULAR) return -Errno.ENODEV;
  if (!isReadable(file.flags)) return -Errno.EACCES;
  const sealed = ((file.inode?.seals?.set ?? 0) & (Seal.WRITE | Seal.FUTURE_WRITE)) !== 0;
  if (shared && sealed && prot & Protection.WRITE) return -Errno.EPERM;
  const writable = isWritable(file.flags) && !sealed;
  if (shared && prot & Protection.WRITE && !writable) return -Errno.EACCES;
  const { host, leave } = context.memory;
  const inode = { device: status.device, number: status.inode };
  const facts = { name: file.path, file: true, offset, shared, inode };
  if (shared) {
    const object = host.files.obtain(fileKey(status), mappedFile(file), writable);
    return { ...facts, object, mayWrite: writable };
  }
  // What shared mappings have changed is in the file before it is read.
  leave();
  host.files.flush();
  return { ...facts, source: mappedFile(file) };
}

const munmap: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  if (!isGuestRange(address, length)) return -Errno.EINVAL;
  context.memory.unmap(address, length);
  return 0;
};

const mprotect: Handler = (context, registers) => {
  const { memory } = context;
  const given = wordArgument(registers, 0);
  const givenLength = pageCeil(wordArgument(registers, 1));
  const wanted = longArgument(registers, 2);
  const grows = wanted > 0 && (wanted & PROT_GROWSDOWN) !== 0;
  const prot = grows ? wanted - PROT_GROWSDOWN : wanted;
  if (!isPageAligned(given) || prot < 0 || prot > ALL_PROTECTIONS) return -Errno.EINVAL;
  if (givenLength === 0) return 0;
  if (!isGuestRange(given, givenLength)) return -Errno.ENOMEM;
  const first = memory.mappingAt(given);
  if (grows && first?.name !== "[stack]") return -Errno.EINVAL;
  const address = grows ? (first?.start ?? given) : given;
  const length = givenLength + (given - address);
  const mappings = memory.mappingsWithin(address, length);
  if (prot & Protection.WRITE && mappings.some(({ mayWrite }) => mayWrite === false)) return -Errno.EACCES;
  if (!memory.isMapped(address, length)) return -Errno.ENOMEM;
  return memory.protect(address, length, effectiveProtection(prot)) ? 0 : refuseMemory(context);
};

/** brk(2) as the kernel has it: the new break, or the old one if it cannot be moved. */
const brk: Handler = (context, registers) => {
  const { heap, memory } = context;
  const wanted = wordArgument(registers, 0);
  if (wanted < heap.start || wanted > MMAP_TOP) return heap.end;
  const oldTop = pageCeil(heap.end);
  const newTop = pageCeil(wanted);
  if (newTop > oldTop) {
    const length = newTop - oldTop;
    const backing = { name: "[heap]", file: false, offset: 0, shared: false };
    if (memory.mappingsWithin(oldTop, length).length > 0) return heap.end;
    if (!memory.map(oldTop, length, Protection.READ | Protection.WRITE, backing)) {
      refuseMemory(context);
      return heap.end;
    }
  } else if (newTop < oldTop) {
    memory.unmap(newTop, oldTop - newTop);
  }
  heap.end = wanted;
  return wanted;
};

/** Making, changing and removing mappings: mmap(2), munmap(2), mprotect(2), brk(2). */
export const mappingCalls: HandlerTable = { mmap, munmap, mprotect, brk };
