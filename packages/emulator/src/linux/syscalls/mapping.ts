import { GUEST_END, GUEST_START } from "../../memory/layout.js";
import { isPageAligned } from "../../memory/mappings.js";
import { MMAP_TOP, pageCeil } from "../address-space.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { FileType, isReadable, isWritable, type OpenFile } from "../files/open-file.js";
import { effectiveProtection, Protection } from "../protection.js";
import { intArgument, longArgument, uintArgument, wordArgument } from "../registers.js";

/** Flags of mmap(2) (include/uapi/asm-generic/mman-common.h; include/uapi/linux/mman.h). */
const MAP_SHARED = 0x01;
const MAP_SHARED_VALIDATE = 0x03;
const MAP_PRIVATE = 0x02;
const MAP_TYPE = 0x0f;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_FIXED_NOREPLACE = 0x10_0000;
const ALL_PROTECTIONS: number = Protection.READ | Protection.WRITE | Protection.EXEC;
const FILE_TYPE_MASK = 0o170000;
/** Linux's default `vm.max_map_count`. */
const MOST_MAPPINGS = 65_530;
const COPY_CHUNK = 0x10_0000;

/** Whether a range of whole pages lies in the guest's address space. */
export function isGuestRange(address: number, length: number): boolean {
  return isPageAligned(address) && length > 0 && address >= GUEST_START && address + length <= GUEST_END;
}

const mmap: Handler = (context, registers) => {
  const hint = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  const prot = effectiveProtection(intArgument(registers, 2) & ALL_PROTECTIONS);
  const flags = uintArgument(registers, 3);
  const offset = wordArgument(registers, 5);
  const type = flags & MAP_TYPE;
  const shared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE;
  if (!isPageAligned(offset) || length === 0 || (!shared && type !== MAP_PRIVATE)) return -Errno.EINVAL;

  const anonymous = (flags & MAP_ANONYMOUS) !== 0;
  const file = anonymous ? undefined : context.descriptors.get(intArgument(registers, 4));
  if (!anonymous && !file) return -Errno.EBADF;
  const refusal = file ? refuseFile(context, file, prot, shared) : 0;
  if (refusal < 0) return refusal;
  if (context.memory.mappings.length >= MOST_MAPPINGS) return -Errno.ENOMEM;

  const address = place(context, hint, length, flags);
  if (address < 0) return address;
  const backing = { name: file?.path ?? "", file: file !== undefined, offset: file ? offset : 0, shared };
  if (!context.memory.map(address, length, prot, backing)) return -Errno.ENOMEM;
  if (!file) return address;
  const copied = copyFile(context, file, address, length, offset);
  if (copied >= 0) return address;
  context.memory.unmap(address, length);
  return copied;
};

/** Where a mapping goes, or a negated error number. */
function place(context: Context, hint: number, length: number, flags: number): number {
  if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))) {
    return context.memory.findFree(length, pageCeil(hint), MMAP_TOP) ?? -Errno.ENOMEM;
  }
  if (!isPageAligned(hint)) return -Errno.EINVAL;
  if (hint + length > GUEST_END) return -Errno.ENOMEM;
  if (hint < GUEST_START) return -Errno.EPERM;
  const taken = context.memory.mappingsWithin(hint, length).length > 0;
  return flags & MAP_FIXED_NOREPLACE && taken ? -Errno.EEXIST : hint;
}

function refuseFile(context: Context, file: OpenFile, prot: number, shared: boolean): number {
  const regular = hostCall(() => ((file.status().mode & FILE_TYPE_MASK) === FileType.REGULAR ? 1 : 0));
  if (regular !== 1) return regular < 0 ? regular : -Errno.ENODEV;
  if (!isReadable(file.flags)) return -Errno.EACCES;
  if (!shared || !(prot & Protection.WRITE)) return 0;
  if (!isWritable(file.flags)) return -Errno.EACCES;
  context.reportOnce(
    "shared mapping",
    `mmap of ${file.path}: writable shared file mappings are not supported yet (ENODEV)`,
  );
  return -Errno.ENODEV;
}

/** File mappings are copies taken when they are made: what a private mapping shows after changes is unspecified (mmap(2)). */
function copyFile(context: Context, file: OpenFile, address: number, length: number, offset: number): number {
  const chunk = new Uint8Array(Math.min(length, COPY_CHUNK));
  for (let done = 0; done < length; ) {
    const into = chunk.subarray(0, Math.min(chunk.length, length - done));
    const position = offset + done;
    const count = hostCall(() => file.readAt(into, position));
    if (count < 0) return count;
    if (count === 0) break;
    context.memory.poke(address + done, into.subarray(0, count));
    done += count;
  }
  return 0;
}

const munmap: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  if (!isGuestRange(address, length)) return -Errno.EINVAL;
  context.memory.unmap(address, length);
  return 0;
};

const mprotect: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  const prot = longArgument(registers, 2);
  if (!isPageAligned(address) || prot < 0 || prot > ALL_PROTECTIONS) return -Errno.EINVAL;
  if (length === 0) return 0;
  if (!isGuestRange(address, length)) return -Errno.ENOMEM;
  const mappings = context.memory.mappingsWithin(address, length);
  const writesFile = prot & Protection.WRITE && mappings.some((mapping) => mapping.file && mapping.shared);
  if (writesFile) return -Errno.EACCES;
  return context.memory.protect(address, length, effectiveProtection(prot)) ? 0 : -Errno.ENOMEM;
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
    if (!memory.map(oldTop, length, Protection.READ | Protection.WRITE, backing)) return heap.end;
  } else if (newTop < oldTop) {
    memory.unmap(newTop, oldTop - newTop);
  }
  heap.end = wanted;
  return wanted;
};

/** Making, changing and removing mappings: mmap(2), munmap(2), mprotect(2), brk(2). */
export const mappingCalls: HandlerTable = { mmap, munmap, mprotect, brk };
