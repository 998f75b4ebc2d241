import { describe, expect, test } from "vitest";
import {
  A0,
  A1,
  A2,
  A3,
  A4,
  A5,
  A7,
  DATA,
  type Item,
  label,
  li,
  op,
  S0,
  S1,
  syscall,
  T0,
  T1,
  T2,
  to,
} from "../machine/assemble.js";
import { createRig, program } from "../machine/rig.js";

// LR and SC among threads that take turns: unprivileged manual, "Load-Reserved/Store-Conditional Instructions".

/** CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM (clone(2)). */
const THREAD = 0x50f00;
const EXIT_GROUP = 94;

/** What the threads share, relative to `DATA`. */
const Cell = { TARGET: 0, TICKS: 64, DONE: 128 } as const;

/** Starts a thread that executes `other` and ends; this one executes `own`, then exits with what is in a0. */
function twoThreads(own: readonly Item[], other: readonly Item[]): Item[] {
  return [
    ...li(S0, DATA),
    ...syscall("clone", THREAD, 0, 0, 0, 0),
    to("own", "bne", { rs1: A0, rs2: 0 }),
    ...other,
    ...syscall("exit", 0),
    label("own"),
    ...own,
    ...li(A7, EXIT_GROUP),
    op("ecall"),
  ];
}

/** Stores to the target and puts back what was there, counting how often, until the other thread is done. */
const disturb: readonly Item[] = [
  ...li(T2, 1),
  label("disturb"),
  op("ld", { rd: T1, rs1: S0, imm: Cell.TICKS }),
  op("addi", { rd: T1, rs1: T1, imm: 1 }),
  op("sd", { rs2: T1, rs1: S0, imm: Cell.TICKS }),
  op("sd", { rs2: T2, rs1: S0, imm: Cell.TARGET }),
  op("sd", { rs2: 0, rs1: S0, imm: Cell.TARGET }),
  op("ld", { rd: T1, rs1: S0, imm: Cell.DONE }),
  to("disturb", "beq", { rs1: T1, rs2: 0 }),
];

/**
 * Stores conditionally, long after it has reserved. Gives 1 if that has ever succeeded though the other thread has stored in
 * between, 2 if it has never failed, so that nothing is known.
 */
const watch: readonly Item[] = [
  ...li(S1, 20_000),
  ...li(A3, 0),
  ...li(A4, 2),
  label("watch"),
  op("lr.d", { rd: T2, rs1: S0 }),
  op("ld", { rd: T1, rs1: S0, imm: Cell.TICKS }),
  ...li(A5, 40),
  label("wait"),
  op("addi", { rd: A5, rs1: A5, imm: -1 }),
  to("wait", "bne", { rs1: A5, rs2: 0 }),
  op("ld", { rd: A1, rs1: S0, imm: Cell.TICKS }),
  op("sc.d", { rd: A2, rs1: S0, rs2: T2 }),
  to("stored", "beq", { rs1: A2, rs2: 0 }),
  ...li(A4, 0),
  to("next", "jal"),
  label("stored"),
  to("next", "beq", { rs1: A1, rs2: T1 }),
  ...li(A3, 1),
  label("next"),
  op("addi", { rd: S1, rs1: S1, imm: -1 }),
  to("watch", "bne", { rs1: S1, rs2: 0 }),
  op("or", { rd: A0, rs1: A3, rs2: A4 }),
];

const ROUNDS = 100_000;

/** Adds 1 to the target, so often, by this way. */
function count(way: "lr/sc" | "amo", name: string): Item[] {
  const again = `${name} again`;
  const add =
    way === "amo"
      ? [op("amoadd.d", { rd: 0, rs1: S0, rs2: T1 })]
      : [
          label(`${name} retry`),
          op("lr.d", { rd: T2, rs1: S0 }),
          op("add", { rd: T2, rs1: T2, rs2: T1 }),
          op("sc.d", { rd: T2, rs1: S0, rs2: T2 }),
          to(`${name} retry`, "bne", { rs1: T2, rs2: 0 }),
        ];
  return [
    ...li(S1, ROUNDS),
    ...li(T1, 1),
    label(again),
    ...add,
    op("addi", { rd: S1, rs1: S1, imm: -1 }),
    to(again, "bne", { rs1: S1, rs2: 0 }),
  ];
}

/** Waits for the other thread, then gives whether the target is what it should be: 0 if it is. */
const check: readonly Item[] = [
  label("check"),
  op("ld", { rd: T0, rs1: S0, imm: Cell.DONE }),
  to("check", "beq", { rs1: T0, rs2: 0 }),
  op("ld", { rd: T0, rs1: S0, imm: Cell.TARGET }),
  ...li(T1, 2 * ROUNDS),
  op("sub", { rd: T0, rs1: T0, rs2: T1 }),
  op("sltu", { rd: A0, rs1: 0, rs2: T0 }),
];

const done: readonly Item[] = [...li(T0, 1), op("sd", { rs2: T0, rs1: S0, imm: Cell.DONE })];

const WAYS = [
  { way: "interpreted", translateAfter: 1_000_000_000 },
  { way: "translated", translateAfter: 1 },
] as const;

describe.each(WAYS)("threads in turn, $way", ({ translateAfter }) => {
  const run = async (items: readonly Item[], seed: number): Promise<unknown> => {
    const { machine, reports } = await createRig(program(items), { seed, translateAfter });
    return [machine.run(), reports];
  };
  const fine = [{ code: 0, signal: undefined, stopped: undefined }, []];

  test.each([1, 2, 3])(
    "SC fails if another thread had a turn since LR, whatever it left there (seed %i)",
    async (seed) => {
      expect(await run(twoThreads([...watch, ...done], disturb), seed)).toEqual(fine);
    },
  );

  test.each([
    ["lr/sc", "lr/sc"],
    ["lr/sc", "amo"],
    ["amo", "amo"],
  ] as const)("no addition is lost among %s and %s", async (one, two) => {
    const items = twoThreads([...count(one, "own"), ...check], [...count(two, "other"), ...done]);
    expect(await run(items, 1)).toEqual(fine);
  });
});

/** The manual wants an exception whether or not there is a reservation; Linux makes SIGBUS of it. */
describe.each(WAYS)("misaligned, $way", ({ translateAfter }) => {
  const store = { rd: T0, rs1: S1, rs2: 0 };
  test.each([
    ["sc.w", 2, []],
    ["sc.d", 4, []],
    ["sc.w", 2, [op("lr.w", { rd: T0, rs1: S0 })]],
    ["sc.d", 4, [op("lr.d", { rd: T0, rs1: S0 })]],
    ["lr.w", 1, []],
    ["lr.d", 4, []],
    ["amoadd.w", 2, []],
    ["amoadd.d", 4, []],
  ] as const)("%s at %i: SIGBUS", async (name, offset, before) => {
    const items = [...li(S0, DATA), ...li(S1, DATA + offset), ...before, op(name, store)];
    const { machine } = await createRig(program(items), { translateAfter });
    expect(machine.run()).toMatchObject({ signal: "SIGBUS" });
  });
});
