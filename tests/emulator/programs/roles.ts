import type { Pins, Pointer } from "../../conformance/program/assembler.js";
import { SLOT } from "./layout.js";

/** Registers that have a meaning all through a program. */
export interface Roles {
  /** Holds the address of the slot. */
  readonly anchor: number;
  /** Another pointer into the arena, which compressed instructions can name. */
  readonly short: Pointer;
  readonly fuel: number;
  /** Counters of loops in functions with a frame, and in leaves; by depth. */
  readonly counters: readonly [number, number];
  readonly leafCounters: readonly [number, number];
}

/** Not to be taken: zero, both link registers, sp, and what system calls use. */
const COMMON: readonly number[] = [0, 1, 2, 5, 10, 11, 12, 13, 14, 15, 17];
const [RA, SP, T0] = [1, 2, 5];
const SHORT_OFFSET = -160;

/** Gives each role a register: the first free one from the number that was drawn for it. */
export function rolesOf(raw: readonly number[]): Roles {
  const taken = new Set(COMMON);
  const take = (i: number, first: number, last: number): number => {
    let register = first + ((raw[i] ?? 0) % (last - first + 1));
    while (taken.has(register)) register = register === last ? first : register + 1;
    taken.add(register);
    return register;
  };
  const short = take(0, 8, 15);
  return {
    short: { register: short, offset: SHORT_OFFSET + ((raw[1] ?? 0) % 8) },
    anchor: take(2, 1, 31),
    fuel: take(3, 1, 31),
    counters: [take(4, 1, 31), take(5, 1, 31)],
    leafCounters: [take(6, 8, 31), take(7, 1, 31)],
  };
}

/** What no instruction of a function may write. */
export function pinsOf(
  roles: Roles,
  { link, leaf }: { readonly link: number; readonly leaf: boolean },
): Pins {
  const { anchor, short, fuel, counters, leafCounters } = roles;
  const all = new Set([SP, anchor, short.register, fuel, ...counters, ...leafCounters]);
  if (leaf) all.add(link === RA ? RA : T0);
  return { anchor, pointers: [{ register: anchor, offset: 0 }, short], all };
}

/** What the registers with a role start with. */
export function initialRoles(roles: Roles, fuel: number, stackTop: number): ReadonlyMap<number, number> {
  return new Map([
    [SP, stackTop],
    [roles.anchor, SLOT],
    [roles.short.register, SLOT + roles.short.offset],
    [roles.fuel, fuel],
    ...[...roles.counters, ...roles.leafCounters].map((counter): [number, number] => [counter, 0]),
  ]);
}
