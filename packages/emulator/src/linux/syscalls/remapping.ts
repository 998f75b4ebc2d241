import { GUEST_END, PAGE_SIZE } from "../../memory/layout.js";
import { isPageAligned, type Mapping } from "../../memory/mappings.js";
import { MMAP_TOP, pageCeil } from "../address-space.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { Protection } from "../protection.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { isGuestRange } from "./mapping.js";

/** Flags of mremap(2). */
const MREMAP_MAYMOVE = 1;
const MREMAP_FIXED = 2;
const MREMAP_DONTUNMAP = 4;

const mremap: Handler = (context, registers) => {
  const { memory } = context;
  const address = wordArgument(registers, 0);
  const oldLength = pageCeil(wordArgument(registers, 1));
  const newLength = pageCeil(wordArgument(registers, 2));
  const flags = uintArgument(registers, 3);
  const target = wordArgument(registers, 4);
  const mayMove = (flags & MREMAP_MAYMOVE) !== 0;
  const fixed = (flags & MREMAP_FIXED) !== 0;
  const keeps = (flags & MREMAP_DONTUNMAP) !== 0;
  if (flags > 7 || !isPageAligned(address) || newLength === 0 || oldLength === 0) return -Errno.EINVAL;
  if ((fixed || keeps) && !mayMove) return -Errno.EINVAL;
  if (keeps && oldLength !== newLength) return -Errno.EINVAL;
  if (!isGuestRange(address, oldLength)) return -Errno.EFAULT;
  const mapping = memory.mappingAt(address);
  if (!mapping || mapping.end < address + oldLength) return -Errno.EFAULT;

  if (!fixed && !keeps) {
    if (newLength <= oldLength) {
      if (newLength < oldLength) memory.unmap(address + newLength, oldLength - newLength);
      return address;
    }
    if (growInPlace(context, mapping, address, oldLength, newLength)) return address;
    if (!mayMove) return -Errno.ENOMEM;
  }
  if (fixed) {
    if (!isGuestRange(target, newLength)) return -Errno.EINVAL;
    if (target < address + oldLength && address < target + newLength) return -Errno.EINVAL;
  }
  const place = fixed ? target : memory.findFree(newLength, 0, MMAP_TOP);
  if (place === undefined) return -Errno.ENOMEM;
  return move(context, mapping, address, oldLength, newLength, place, keeps);
};

function growInPlace(
  context: Context,
  mapping: Mapping,
  address: number,
  oldLength: number,
  newLength: number,
): boolean {
  const end = address + oldLength;
  const more = newLength - oldLength;
  if (mapping.file || mapping.end !== end || end + more > GUEST_END) return false;
  if (context.memory.mappingsWithin(end, more).length > 0) return false;
  return context.memory.map(end, more, mapping.prot, mapping);
}

function move(
  context: Context,
  mapping: Mapping,
  address: number,
  oldLength: number,
  newLength: number,
  place: number,
  keeps: boolean,
): number {
  const { memory } = context;
  if (mapping.file && newLength > oldLength) {
    context.reportOnce(
      "mremap file",
      `mremap: growing a mapping of ${mapping.name} is not supported yet (ENOMEM)`,
    );
    return -Errno.ENOMEM;
  }
  const offset = mapping.file ? mapping.offset + (address - mapping.start) : 0;
  const { name, file, shared } = mapping;
  if (!memory.map(place, newLength, mapping.prot, { name, file, offset, shared })) return -Errno.ENOMEM;
  memory.copyPages(address, place, Math.min(oldLength, newLength));
  if (keeps) memory.discard(address, oldLength);
  else memory.unmap(address, oldLength);
  return place;
}

/** Advice that changes nothing a program can see: MADV_NORMAL to WILLNEED, FREE, DONTFORK to COLLAPSE (madvise(2)). */
const HARMLESS_ADVICE: ReadonlySet<number> = new Set([
  0, 1, 2, 3, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25,
]);
const MADV_DONTNEED = 4;

const madvise: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  const advice = intArgument(registers, 2);
  const discards = advice === MADV_DONTNEED;
  if (!isPageAligned(address) || (!discards && !HARMLESS_ADVICE.has(advice))) return -Errno.EINVAL;
  if (length === 0) return 0;
  if (!isGuestRange(address, length)) return -Errno.ENOMEM;
  const mappings = discards ? context.memory.mappingsWithin(address, length) : [];
  for (const mapping of mappings) {
    if (!mapping.file) context.memory.discard(mapping.start, mapping.end - mapping.start);
    else if (mapping.prot & Protection.WRITE) {
      context.reportOnce(
        "madvise file",
        `madvise: MADV_DONTNEED of ${mapping.name}, mapped writable, is not supported yet (EINVAL)`,
      );
      return -Errno.EINVAL;
    }
  }
  return context.memory.isMapped(address, length) ? 0 : -Errno.ENOMEM;
};

/** Nothing is ever swapped out or written back, so these only check their range. */
const checkRange: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  if (length === 0) return 0;
  return isGuestRange(address, length) && context.memory.isMapped(address, length) ? 0 : -Errno.ENOMEM;
};

const mincore: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  if (!isPageAligned(address)) return -Errno.EINVAL;
  const present = checkRange(context, registers);
  if (present < 0) return present;
  const pages = pageCeil(wordArgument(registers, 1)) / PAGE_SIZE;
  const target = context.memory.writable(wordArgument(registers, 2), pages);
  target?.fill(1);
  return target ? 0 : -Errno.EFAULT;
};

/** Moving mappings, and what is said about them: mremap(2), madvise(2), mlock(2), msync(2), mincore(2). */
export const remappingCalls: HandlerTable = {
  mremap,
  madvise,
  mincore,
  mlock: checkRange,
  mlock2: checkRange,
  munlock: checkRange,
  mlockall: () => 0,
  munlockall: () => 0,
  msync: (context, registers) =>
    isPageAligned(wordArgument(registers, 0)) ? checkRange(context, registers) : -Errno.EINVAL,
};
