import { Ring } from "../interpreter/operation.js";
import { EXIT_OPERATION, FUEL, PC, VCPU_CELLS } from "../memory/layout.js";
import type { BodyBuilder, Variable } from "../wasm/body.js";
import { f64, i32, i64 } from "../wasm/expr.js";
import { VerifiedRanges } from "./access.js";
import { bitsOf, type Home, NOTHING, type ResourceSet, type Resources, resourceName } from "./resources.js";
import { createSideExits, type SideExits } from "./side-exits.js";

/** The state of the guest while a region is written down: which of it is in variables, and which of those are newer. */
export interface RegionState {
  /** Fuel that is left; in a variable always. */
  readonly fuel: Variable<"i64">;
  readonly resources: Resources;
  /** What has been changed since it was stored. */
  dirty: ResourceSet;
  x(register: number): Variable<"i64">;
  f(register: number): Variable<"f64">;
  /** Of a floating-point register, the single in it. */
  single(register: number): Variable<"f32">;
  /** Floating-point registers that are known to hold the single in that variable, NaN-boxed. */
  readonly singles: Set<number>;
  /** What is known of addresses in integer registers. */
  readonly verified: VerifiedRanges;
  /** Variable of a cell; undefined if it is in memory only. */
  cell(offset: number): Variable<"i64"> | undefined;
  ring(address: number): Variable<"i32">;
  /** Address of the present vCPU's cells. */
  readonly cells: Variable<"i32">;
  /** Has `put` add `amount` later on, at the latest at {@link settle}; gives what was pending before. */
  later(put: (amount: bigint) => void, amount: bigint): bigint;
  /** What is pending is added now. */
  settle(): void;
  /** Writes down: stores all that is dirty. It stays dirty: on other ways it may not have been stored. */
  store(): void;
  /** Writes down: stores all that is dirty, and nothing is any more. */
  flush(): void;
  /** Writes down: loads a set from memory. */
  load(set: ResourceSet): void;
  /** Begins a node with this much dirty, and this much known of registers; nothing unless told. */
  begin(dirty: ResourceSet, known?: Knowledge): void;
  /** What is known of registers now. */
  knowledge(): Knowledge;
  toHost(cause: number, operation: number): void;
  toPc(pc: number): void;
  /** Writes down: the host may look at the state, and may take the fuel away. */
  expose(pc: number, operation: number): void;
  readonly exits: SideExits;
}

/** What is known of registers at one place. */
export interface Knowledge {
  readonly singles: ReadonlySet<number>;
  readonly verified: VerifiedRanges;
}

/** Makes the state of a function that uses these resources; loads nothing yet. */
export function createState(b: BodyBuilder, resources: Resources, used: ResourceSet): RegionState {
  const fuel = b.local("i64", "fuel");
  const cells = b.local("i32", "cells");
  const integers = new Map<number, Variable<"i64">>();
  const floats = new Map<number, Variable<"f64">>();
  const narrow = new Map<number, Variable<"f32">>();
  const ends = new Map<number, Variable<"i32">>();
  const pending = new Map<(amount: bigint) => void, bigint>();
  for (const bit of bitsOf(used)) {
    const { kind } = homeOf(bit);
    const name = resourceName(resources, bit);
    if (kind === "f") {
      floats.set(bit, b.local("f64", name));
      narrow.set(bit, b.local("f32", `${name}.single`));
    }
    if (kind === "ring") ends.set(bit, b.local("i32", name));
    if (kind === "x" || kind === "cell") integers.set(bit, b.local("i64", name));
  }

  function known<V>(variables: ReadonlyMap<number, V>, bit: number): V {
    const variable = variables.get(bit);
    if (variable === undefined) throw new Error(`resource ${bit} is not used in this region`);
    return variable;
  }
  const integer = (bit: number): Variable<"i64"> => known(integers, bit);
  const float = (bit: number): Variable<"f64"> => known(floats, bit);
  const end = (bit: number): Variable<"i32"> => known(ends, bit);

  function homeOf(bit: number): Home {
    const home = resources.homes[bit];
    if (home === undefined) throw new Error(`there is no resource ${bit}`);
    return home;
  }

  function storeAll(set: ResourceSet): void {
    for (const bit of bitsOf(set)) {
      const home = homeOf(bit);
      switch (home.kind) {
        case "x":
          b.store(0, integer(bit), home.address);
          break;
        case "f":
          b.store(0, float(bit), home.address);
          break;
        case "cell":
          b.store(cells, integer(bit), home.offset);
          break;
        case "ring":
          b.store(0, end(bit), home.address + Ring.END);
          break;
      }
    }
  }

  const exits = createSideExits(b, fuel, storeAll);
  const state: RegionState = {
    fuel,
    cells,
    resources,
    exits,
    dirty: NOTHING,
    x: integer,
    f: (register) => float(32 + register),
    single: (register) => known(narrow, 32 + register),
    singles: new Set(),
    verified: new VerifiedRanges(),
    cell(offset) {
      const bit = resources.cell(offset);
      return bit === undefined ? undefined : integer(bit);
    },
    ring(address) {
      const bit = resources.ring(address);
      if (bit === undefined) throw new Error(`no ring at 0x${address.toString(16)} in this region`);
      return end(bit);
    },
    later(put, amount) {
      const before = pending.get(put) ?? 0n;
      pending.set(put, before + amount);
      return before;
    },
    settle() {
      for (const [put, amount] of pending) put(amount);
      if (pending.size > 0) exits.restart();
      pending.clear();
    },
    store: () => storeAll(state.dirty),
    flush() {
      state.settle();
      storeAll(state.dirty);
      state.dirty = NOTHING;
      exits.restart();
    },
    load(set) {
      for (const bit of bitsOf(set)) {
        const home = homeOf(bit);
        switch (home.kind) {
          case "x":
            b.set(integer(bit), i64.load(0, home.address));
            state.verified.forget(bit);
            break;
          case "f":
            b.set(float(bit), f64.load(0, home.address));
            state.singles.delete(bit - 32);
            break;
          case "cell":
            b.set(integer(bit), i64.load(cells, home.offset));
            break;
          case "ring":
            b.set(end(bit), i32.load(0, home.address + Ring.END));
            break;
        }
      }
    },
    begin(dirty, known) {
      pending.clear();
      exits.restart();
      state.singles.clear();
      for (const register of known?.singles ?? []) state.singles.add(register);
      state.verified.become(known?.verified);
      state.dirty = dirty;
    },
    knowledge: () => ({ singles: new Set(state.singles), verified: state.verified.copy() }),
    toHost: (cause, operation) => exits.toHost(cause, operation, state.dirty, pending),
    toPc: (pc) => exits.toPc(pc, state.dirty, pending),
    expose(pc, operation) {
      b.store(0, i64.const(pc), PC);
      b.store(0, i32.const(operation), EXIT_OPERATION);
      b.store(0, fuel, FUEL);
    },
  };
  b.set(cells, i32.load(0, VCPU_CELLS));
  return state;
}
