import type { GuestMemory } from "../../memory/guest-memory.js";
import { GUEST_END, PAGE_SIZE } from "../../memory/layout.js";
import { hasOffset, isPageAligned, type Mapping } from "../../memory/mappings.js";
import { MMAP_TOP, pageCeil, pageFloor } from "../address-space.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { Protection } from "../protection.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { isGuestRange, refuseMemory } from "./mapping.js";

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
  if (flags > 7 || !isPageAligned(address) || newLength === 0) return -Errno.EINVAL;
  if ((fixed || keeps) && !mayMove) return -Errno.EINVAL;
  if (keeps && oldLength !== newLength) return -Errno.EINVAL;
  const mapping = memory.mappingAt(address);
  if (!mapping || mapping.end < address + oldLength) return -Errno.EFAULT;
  // Once more, at another place: a way to see shared memory twice.
  if (oldLength === 0 && !(mapping.shared && mayMove)) return -Errno.EINVAL;

  if (!fixed && !keeps && oldLength > 0) {
    if (newLength <= oldLength) {
      if (newLength < oldLength) memory.unmap(address + newLength, oldLength - newLength);
      return address;
    }
    if (growInPlace(context, mapping, address + oldLength, newLength - oldLength)) return address;
    if (!mayMove) return -Errno.ENOMEM;
  }
  if (fixed) {
    if (!isGuestRange(target, newLength)) return -Errno.EINVAL;
    if (target < address + oldLength && address < target + newLength) return -Errno.EINVAL;
  }
  const place = fixed ? target : memory.findFree(newLength, 0, MMAP_TOP);
  if (place === undefined) return -Errno.ENOMEM;
  const offset = mapping.offset + (hasOffset(mapping) ? address - mapping.start : 0);
  if (!memory.map(place, newLength, mapping.prot, { ...mapping, offset })) return refuseMemory(context);
  if (oldLength === 0) return place;
  if (!mapping.shared) memory.copyPages(address, place, Math.min(oldLength, newLength));
  if (keeps) memory.discard(address, oldLength);
  else memory.unmap(address, oldLength);
  return place;
};

/** Adds pages to the end of a mapping, if that is its end and there is room. */
function growInPlace({ memory }: Context, mapping: Mapping, end: number, more: number): boolean {
  if (mapping.end !== end || end + more > GUEST_END) return false;
  if (memory.mappingsWithin(end, more).length > 0) return false;
  const offset = mapping.offset + (hasOffset(mapping) ? end - mapping.start : 0);
  return memory.map(end, more, mapping.prot, { ...mapping, offset });
}

/** Advice of madvise(2) (include/uapi/asm-generic/mman-common.h). */
const Advice = {
  DONTNEED: 4,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  POPULATE_READ: 22,
  POPULATE_WRITE: 23,
  DONTNEED_LOCKED: 24,
} as const;
/** That which changes nothing a program can see: NORMAL to WILLNEED, FREE, MERGEABLE to DODUMP, COLD, PAGEOUT, COLLAPSE. */
const HARMLESS_ADVICE: ReadonlySet<number> = new Set([0, 1, 2, 3, 8, 12, 13, 14, 15, 16, 17, 20, 21, 25]);

const madvise: Handler = (context, registers) => {
  const { memory } = context;
  const address = wordArgument(registers, 0);
  const length = pageCeil(wordArgument(registers, 1));
  const advice = intArgument(registers, 2);
  const known = HARMLESS_ADVICE.has(advice) || Object.values(Advice).some((value) => value === advice);
  if (!isPageAligned(address) || !known) return -Errno.EINVAL;
  if (length === 0) return 0;
  if (!isGuestRange(address, length)) return -Errno.ENOMEM;
  const mappings = memory.mappingsWithin(address, length);
  const refusal = advise(context, mappings, advice);
  if (refusal < 0) return refusal;
  return memory.isMapped(address, length) ? 0 : -Errno.ENOMEM;
};

/** Follows advice on what is mapped of a range; 0, or a negated error number. */
function advise({ memory }: Context, mappings: readonly Mapping[], advice: number): number {
  switch (advice) {
    case Advice.DONTNEED:
    case Advice.DONTNEED_LOCKED:
      for (const { start, end } of mappings) memory.discard(start, end - start);
      return 0;
    case Advice.REMOVE:
      return removePages(memory, mappings);
    case Advice.WIPEONFORK:
      if (mappings.some(({ file, shared }) => file || shared)) return -Errno.EINVAL;
      for (const { start, end } of mappings) memory.setOnFork(start, end - start, "zeros");
      return 0;
    case Advice.DONTFORK:
      for (const { start, end } of mappings) memory.setOnFork(start, end - start, "absent");
      return 0;
    case Advice.DOFORK:
    case Advice.KEEPONFORK: {
      const undone = advice === Advice.DOFORK ? "absent" : "zeros";
      for (const { start, end, onFork } of mappings) {
        if (onFork === undone) memory.setOnFork(start, end - start, undefined);
      }
      return 0;
    }
    case Advice.POPULATE_READ:
    case Advice.POPULATE_WRITE: {
      const need = advice === Advice.POPULATE_READ ? Protection.READ : Protection.WRITE;
      return mappings.every(({ start, end }) => memory.check(start, end - start, need)) ? 0 : -Errno.EFAULT;
    }
    default:
      return 0;
  }
}

/** Makes shared pages zeros for everybody. Files would need holes, which the host's have no call for. */
function removePages(memory: GuestMemory, mappings: readonly Mapping[]): number {
  if (mappings.some(({ shared }) => !shared)) return -Errno.EINVAL;
  if (mappings.some(({ prot }) => !(prot & Protection.WRITE))) return -Errno.EACCES;
  if (mappings.some(({ file }) => file)) return -Errno.EOPNOTSUPP;
  for (const { start, end } of mappings) {
    memory.writable(start, memory.granted(start, end - start, Protection.WRITE))?.fill(0);
  }
  return 0;
}

/** Nothing is ever swapped out, so these only check their range. */
const checkRange: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const length = pageCeil((address % PAGE_SIZE) + wordArgument(registers, 1));
  if (length === 0) return 0;
  const start = pageFloor(address);
  return isGuestRange(start, length) && context.memory.isMapped(start, length) ? 0 : -Errno.ENOMEM;
};

const MLOCK_ONFAULT = 1;

const mlock2: Handler = (context, registers) =>
  uintArgument(registers, 2) & ~MLOCK_ONFAULT ? -Errno.EINVAL : checkRange(context, registers);

/** MCL_CURRENT and MCL_FUTURE, one of which there has to be, and MCL_ONFAULT (mlockall(2)). */
const mlockall: Handler = (_context, registers) => {
  const flags = uintArgument(registers, 0);
  return flags > 7 || (flags & 3) === 0 ? -Errno.EINVAL : 0;
};

const MS_ASYNC = 1;
const MS_SYNC = 4;

const msync: Handler = (context, registers) => {
  const flags = uintArgument(registers, 2);
  if (!isPageAligned(wordArgument(registers, 0)) || flags > 7) return -Errno.EINVAL;
  if (flags & MS_ASYNC && flags & MS_SYNC) return -Errno.EINVAL;
  const missing = checkRange(context, registers);
  context.memory.leave();
  const error = context.memory.host.files.flush();
  return missing || error;
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

/** Commands of membarrier(2): one thread runs at a time, so that barriers are there already. */
const MembarrierCommand = {
  QUERY: 0,
  GLOBAL: 1,
  GLOBAL_EXPEDITED: 2,
  REGISTER_GLOBAL_EXPEDITED: 4,
  PRIVATE_EXPEDITED: 8,
  REGISTER_PRIVATE_EXPEDITED: 16,
} as const;
const ALL_MEMBARRIERS = 31;
/** Address spaces that have registered for private barriers, which only those may use. */
const registered = new WeakSet<GuestMemory>();

const membarrier: Handler = (context, registers) => {
  const command = intArgument(registers, 0);
  if (uintArgument(registers, 1) !== 0) return -Errno.EINVAL;
  switch (command) {
    case MembarrierCommand.QUERY:
      return ALL_MEMBARRIERS;
    case MembarrierCommand.REGISTER_PRIVATE_EXPEDITED:
      registered.add(context.memory);
      return 0;
    case MembarrierCommand.PRIVATE_EXPEDITED:
      return registered.has(context.memory) ? 0 : -Errno.EPERM;
    case MembarrierCommand.GLOBAL:
    case MembarrierCommand.GLOBAL_EXPEDITED:
    case MembarrierCommand.REGISTER_GLOBAL_EXPEDITED:
      return 0;
    default:
      return -Errno.EINVAL;
  }
};

/** Moving mappings, and what is said about them: mremap(2), madvise(2), mlock(2), msync(2), mincore(2), membarrier(2). */
export const remappingCalls: HandlerTable = {
  mremap,
  madvise,
  mincore,
  mlock: checkRange,
  mlock2,
  munlock: checkRange,
  mlockall,
  munlockall: () => 0,
  msync,
  membarrier,
};
