import { Need, oddOrOutside } from "../interpreter/memory-access.js";
import type { AccessBytes } from "../isa/riscv/emitter.js";
import type { Decoded } from "../isa/riscv/instruction.js";
import { GUEST_END, PAGE_SHIFT, PAGE_SIZE, PERMISSIONS, Permission } from "../memory/layout.js";
import type { Body, Variable } from "../wasm/body.js";
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

/** Pages of the guest; what comes after their permissions is 0, as if there was one more that allows nothing. */
const PAGES = GUEST_END / PAGE_SIZE;

const permissionOf = (page: I32): I32 => i32.load8_u(page, PERMISSIONS);
const pageOf = (address: I64): I64 => i64.shr_u(address, PAGE_SHIFT);

function allows(permission: I32, need: number): I32 {
  if (need === Need.READ_WRITE) return i32.eq(i32.and(permission, need), need);
  return i32.and(permission, need === Need.READ ? Permission.READ : Permission.WRITE);
}

/**
 * Writes down the check of one access: what is aligned and in the guest, in a page that allows it, goes on, and so does
 * what is not aligned, if both its ends do. `refuse` must leave.
 */
export function checkAccess(
  b: Body,
  address: Variable<"i64">,
  bytes: AccessBytes,
  need: number,
  refuse: () => void,
): void {
  b.block((granted) => {
    b.block((odd) => {
      b.brIf(odd, oddOrOutside(address, bytes), false);
      b.brIf(granted, allows(permissionOf(i32.wrap_i64(pageOf(address))), need), true);
    });
    if (bytes > 1) b.brIf(granted, bothAllow(address, bytes, need));
    refuse();
  });
}

/** Writes down the check of a range, which is shorter than a page. `refuse` must leave. */
export function checkRange(b: Body, base: I64, { from, end, need }: Range, refuse: () => void): void {
  const first = b.let(i64.add(base, from));
  const page = b.let(pageOf(first));
  b.block((granted) => {
    b.block((outside) => {
      b.brIf(outside, i64.ge_u(page, PAGES), false);
      const last = pageOf(i64.add(first, end - from - 1));
      const both = i32.and(permissionOf(i32.wrap_i64(page)), permissionOf(i32.wrap_i64(last)));
      b.brIf(granted, allows(both, need), true);
    });
    refuse();
  });
}

/** Whether the pages of the first and the last byte allow it. */
function bothAllow(address: I64, bytes: number, need: number): I32 {
  const inside = i64.lt_u(pageOf(address), PAGES);
  const page = i32.and(i32.wrap_i64(pageOf(address)), PAGES_MASK);
  const last = i32.and(i32.wrap_i64(pageOf(i64.add(address, bytes - 1))), PAGES_MASK);
  return i32.and(inside, i32.ne(allows(i32.and(permissionOf(page), permissionOf(last)), need), 0));
}

/** Keeps the look at a permission within the table, whatever the address is. */
const PAGES_MASK = 0xf_ffff;
