import { Need } from "../interpreter/memory-access.js";
import type { Decoded } from "../isa/riscv/instruction.js";
import {
  GUEST_END,
  PAGE_SHIFT,
  PAGE_SIZE,
  PERMISSIONS,
  Permission,
  READ_SPANS,
  WRITE_SPANS,
} from "../memory/layout.js";
import { REACH } from "../memory/spans.js";
import type { Body } from "../wasm/body.js";
import { type I32, type I64, i32, i64 } from "../wasm/expr.js";
import { registersOf } from "./resources.js";
import type { InstructionStep, Step } from "./steps.js";

/** Bytes around the address in a register, from its offset `from` to before `end`, and what is done with them. */
export interface Range {
  readonly from: number;
  readonly end: number;
  /** Bits of {@link Need}. */
  readonly need: number;
}

/** An access, relative to the register that its address is in. */
export interface RelativeAccess extends Range {
  readonly base: number;
}

/** So far apart are bytes that are checked at once at most: they are in two pages then, whatever the address is. */
const WIDEST = PAGE_SIZE / 2;

/** What an instruction accesses; undefined if it is nothing, or not always. */
export function accessOf({ instruction, rs1, imm }: Decoded): RelativeAccess | undefined {
  const { memory, extension, name } = instruction;
  if (memory === undefined || name.startsWith("sc.")) return undefined;
  const from = extension === "A" ? 0 : imm;
  const need = (memory.load ? Need.READ : 0) | (memory.store ? Need.WRITE : 0);
  return { base: rs1, from, end: from + memory.bytes, need };
}

/** Whether what is needed of a range is known to be allowed. */
export function covers(known: Range | undefined, range: Range): boolean {
  if (known === undefined) return false;
  return known.from <= range.from && known.end >= range.end && (known.need & range.need) === range.need;
}

/** For each access of a block, what it and those after it access around the same address, to be checked at once. */
export function groupAccesses(steps: readonly Step[]): ReadonlyMap<Step, Range> {
  const groups = new Map<Step, Range>();
  const upcoming = new Map<number, Range>();
  for (const step of steps.toReversed()) {
    if (step.kind === "probe") {
      if ("writes" in step.probe && step.probe.writes) upcoming.clear();
      continue;
    }
    if (step.decoded === undefined) continue;
    const { rd } = step.decoded;
    if (registersOf(step.decoded).defs & 0xffff_ffffn) upcoming.delete(rd);
    const access = accessOf(step.decoded);
    if (access === undefined) continue;
    const group = union(access, upcoming.get(access.base));
    upcoming.set(access.base, group);
    groups.set(step, group);
  }
  return groups;
}

function union(access: Range, later: Range | undefined): Range {
  if (later === undefined) return access;
  const from = Math.min(access.from, later.from);
  const end = Math.max(access.end, later.end);
  return end - from > WIDEST ? access : { from, end, need: access.need | later.need };
}

/** What is known of the addresses in registers, as instructions change them. */
export class VerifiedRanges {
  readonly #ranges = new Map<number, Range>();

  get(register: number): Range | undefined {
    return this.#ranges.get(register);
  }

  set(register: number, range: Range): void {
    if (register !== 0) this.#ranges.set(register, range);
  }

  forget(register: number): void {
    this.#ranges.delete(register);
  }

  /** Makes it what another one is, or nothing. */
  become(other: VerifiedRanges | undefined): void {
    this.#ranges.clear();
    if (other === undefined) return;
    for (const [register, range] of other.#ranges) this.#ranges.set(register, range);
  }

  copy(): VerifiedRanges {
    const copy = new VerifiedRanges();
    copy.become(this);
    return copy;
  }

  /** What is known after an instruction, which may have moved an address by a constant. */
  after({ decoded }: InstructionStep): void {
    if (decoded === undefined || !(registersOf(decoded).defs & 0xffff_ffffn)) return;
    const { instruction, rd, rs1, rs2, imm } = decoded;
    const moved =
      instruction.name === "addi"
        ? shifted(this.get(rs1), imm)
        : instruction.name === "add" && rs1 === 0
          ? this.get(rs2)
          : undefined;
    this.forget(rd);
    if (moved !== undefined) this.set(rd, moved);
  }
}

function shifted(range: Range | undefined, by: number): Range | undefined {
  return range === undefined ? undefined : { ...range, from: range.from - by, end: range.end - by };
}

const permissionOf = (page: I64): I32 => i32.load8_u(i32.wrap_i64(page), PERMISSIONS);
const pageOf = (address: I64): I64 => i64.shr_u(address, PAGE_SHIFT);

/** Pages of the guest; what comes after their permissions is 0, as if there was one more that allows nothing. */
const PAGES = GUEST_END / PAGE_SIZE;

function allows(permission: I32, need: number): I32 {
  if (need === Need.READ_WRITE) return i32.eq(i32.and(permission, need), need);
  return i32.and(permission, need === Need.READ ? Permission.READ : Permission.WRITE);
}

/**
 * Writes down the check of a range around `base`, which is shorter than a page. One place in the code mostly goes where it
 * went before: so it is looked first whether the range is in the span that is remembered in its own window. If not, the
 * span of the page is remembered from now on, and it is the permissions of the first and the last page that decide.
 *
 * The code for that is in the way of all the code after it, and short for that reason. `refuse` must leave.
 */
export function checkRange(
  b: Body,
  base: I64,
  { from, end, need }: Range,
  window: number,
  refuse: () => void,
): void {
  const size = window + 8;
  const spans = need & Need.WRITE ? WRITE_SPANS : READ_SPANS;
  const inWindow = (first: I64): I32 => i64.lt_u(i64.sub(first, i64.load(0, window)), i64.load(0, size));
  b.block((granted) => {
    const first = b.let(i64.add(base, from));
    // What is too long for one comparison begins in the window, and so do its last bytes.
    const tail = end - from > REACH ? inWindow(i64.add(base, end - REACH)) : undefined;
    b.brIf(granted, tail === undefined ? inWindow(first) : i32.and(inWindow(first), tail), true);
    const page = b.let(pageOf(first));
    b.rarely(i64.ge_u(page, PAGES), refuse);
    const entry = b.let(i32.shl(i32.wrap_i64(page), 3));
    b.store(0, i64.load32_u(entry, spans), window);
    b.store(0, i64.load32_u(entry, spans + 4), size);
    const last = pageOf(i64.add(first, end - from - 1));
    b.brIf(granted, allows(i32.and(permissionOf(page), permissionOf(last)), need), true);
    refuse();
  });
}
