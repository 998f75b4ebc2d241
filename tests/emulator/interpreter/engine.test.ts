import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockInstruction, Planner, Probe } from "../../../packages/emulator/src/interpreter/plan.js";
import { Exception } from "../../../packages/emulator/src/isa/riscv/emitter.js";
import {
  A0,
  assemble,
  DATA,
  exit,
  type Item,
  label,
  li,
  op,
  padTo,
  S0,
  T0,
  T1,
  TEXT,
  to,
} from "../machine/assemble.js";
import { randomProgram } from "../machine/lanes/random-program.js";
import { createEngineRig } from "./rig.js";

const PAGE = 4096;

/** A call before every instruction, and after every access: site 2 * n or 2 * n + 1 for the n-th translated instruction. */
function everywhere(translated: BlockInstruction[]): Planner {
  return {
    plan(instructions) {
      const first = translated.length;
      translated.push(...instructions);
      const call = (i: number, after: number): Probe[] => [
        { kind: "call", site: 2 * (first + i) + after, writes: false },
      ];
      const accesses = instructions.map(({ decoded }, i) =>
        decoded?.instruction.memory === undefined ? undefined : call(i, 1),
      );
      return { block: [], before: instructions.map((_, i) => call(i, 0)), loads: accesses, stores: [] };
    },
  };
}

describe("executed", () => {
  it("is exact before every instruction and after every access of a program, and so is the pc", () => {
    fc.assert(
      fc.property(randomProgram, (items) => {
        const translated: BlockInstruction[] = [];
        const wrong: string[] = [];
        let insns = 0;
        const rig = createEngineRig(items, {
          planner: everywhere(translated),
          event(site) {
            const { engine } = rig;
            const i = translated[site >> 1];
            const before = site % 2 === 0 ? insns++ : insns - 1;
            if (engine.executed !== before || engine.pc !== i?.pc) {
              wrong.push(`site ${site}: ${engine.executed} at ${engine.pc}, not ${before} at ${i?.pc}`);
            }
          },
        });
        rig.run();
        expect(wrong).toEqual([]);
        expect(rig.raised).toEqual([]);
        expect(rig.engine.executed).toBe(insns);
      }),
      { numRuns: 60 },
    );
  });

  it("is exact where callbacks throw: execution goes on behind each of them as if it had not", () => {
    fc.assert(
      fc.property(randomProgram, fc.integer({ min: 1, max: 5 }), (items, every) => {
        const quiet = createEngineRig(items);
        quiet.run();
        const translated: BlockInstruction[] = [];
        let events = 0;
        let thrown = 0;
        const rig = createEngineRig(items, {
          planner: everywhere(translated),
          event() {
            events++;
            if (events % every !== 0) return;
            thrown++;
            throw new Error("thrown on purpose");
          },
          callbackThrew: () => undefined,
        });
        rig.run();
        expect(thrown).toBeGreaterThan(0);
        expect(rig.engine.executed).toBe(quiet.engine.executed);
        for (let x = 1; x < 32; x++) expect(rig.register(x)).toBe(quiet.register(x));
      }),
      { numRuns: 40 },
    );
  });

  it("does not count what a change of pc leaves out", () => {
    // Every third instruction is stepped over, by going on behind it.
    const items: Item[] = [
      ...Array.from({ length: 30 }, () => op("addi", { rd: A0, rs1: A0, imm: 1 })),
      ...exit(0),
    ];
    const translated: BlockInstruction[] = [];
    let skipped = 0;
    const rig = createEngineRig(items, {
      planner: everywhere(translated),
      event(site) {
        const i = translated[site >> 1];
        if (i === undefined || i.pc >= TEXT + 120 || ((i.pc - TEXT) / 4) % 3 !== 2) return;
        skipped++;
        throw i.pc + 4;
      },
      callbackThrew: (pc) => pc as number,
    });
    const before = rig.register(A0);
    rig.run();
    expect(skipped).toBe(10);
    expect(rig.engine.executed).toBe(20 + 3);
    expect(before).toBe(0n);
  });

  it("does not count an instruction that faults, wherever in its block it stands", () => {
    for (let at = 0; at < 6; at++) {
      const items = Array.from({ length: 6 }, (_, i) =>
        i === at ? op("ld", { rd: T0, rs1: 0, imm: 16 }) : op("addi", { rd: A0, rs1: A0, imm: 1 }),
      );
      const rig = createEngineRig([...items, op("ecall")]);
      rig.run();
      expect(rig.raised).toEqual([{ exception: Exception.LOAD_FAULT, pc: TEXT + 4 * at, value: 16 }]);
      expect([rig.engine.executed, rig.engine.pc, rig.register(A0)]).toEqual([at, TEXT + 4 * at, BigInt(at)]);
    }
  });
});

describe("a limit", () => {
  /** 6 instructions, then 20 turns of a block of 5, then 3. */
  const loop = [
    ...li(T0, 20),
    op("addi"),
    ...Array.from({ length: 4 }, () => op("c.addi", { rd: A0, rs1: A0, imm: 1 })),
    label("turn"),
    ...Array.from({ length: 3 }, () => op("addi", { rd: A0, rs1: A0, imm: 1 })),
    op("addi", { rd: T0, rs1: T0, imm: -1 }),
    to("turn", "bne", { rs1: T0, rs2: 0 }),
    ...exit(0),
  ];
  const ALL = 6 + 20 * 5 + 3;

  it("is reached exactly if asked to, from wherever the last run ended", () => {
    for (const step of [1, 2, 3, 7, 11]) {
      const rig = createEngineRig(loop);
      for (let limit = step; limit < ALL; limit += step) {
        rig.run(limit, true);
        expect(rig.engine.executed).toBe(limit);
        expect(rig.ended).toBe(false);
      }
      rig.run();
      expect([rig.engine.executed, rig.ended, rig.raised]).toEqual([ALL, true, []]);
      expect(rig.register(10)).toBe(0n);
    }
  });

  it("is not passed otherwise: execution stops before the block that would", () => {
    const rig = createEngineRig(loop);
    const turn = rig.labels.get("turn");
    rig.run(11 + 3);
    expect([rig.engine.executed, rig.engine.pc]).toEqual([11, turn]);
    rig.run(11 + 5);
    expect([rig.engine.executed, rig.engine.pc]).toEqual([16, turn]);
    rig.run(16);
    rig.run(3);
    expect([rig.engine.executed, rig.engine.pc]).toEqual([16, turn]);
  });
});

describe("code at the border of two pages", () => {
  const items = [
    to("far", "jal"),
    padTo(PAGE - 6),
    label("far"),
    op("c.addi", { rd: A0, rs1: A0, imm: 1 }),
    op("c.addi", { rd: A0, rs1: A0, imm: 2 }),
    op("addi", { rd: A0, rs1: A0, imm: 4 }),
    op("addi", { rd: A0, rs1: A0, imm: 8 }),
    ...exit(0).slice(1),
  ];

  it("is executed", () => {
    const rig = createEngineRig(items);
    rig.run();
    expect(rig.register(A0)).toBe(15n);
    expect(rig.engine.executed).toBe(1 + 4 + 2);
  });

  it("faults at the page that may not be executed, with the instruction's pc", () => {
    const rig = createEngineRig(items);
    rig.memory.protect(TEXT + PAGE, PAGE, 1);
    rig.run();
    const at = TEXT + PAGE - 2;
    expect(rig.raised).toEqual([{ exception: Exception.FETCH_FAULT, pc: at, value: TEXT + PAGE }]);
    expect([rig.register(A0), rig.engine.executed, rig.engine.pc]).toEqual([3n, 3, at]);
  });

  it.each([0, 1])(
    "is seen anew after a write to its page %i, though nothing else of that is executed",
    (page) => {
      // The jump back is the only instruction that reaches into the second page.
      const turn = [to("far", "jal"), padTo(PAGE - 2), label("far"), to("near", "jal"), label("end")];
      const rig = createEngineRig([label("near"), ...turn], { protection: 7 });
      rig.run(40);
      expect([rig.engine.executed, rig.drops]).toEqual([40, 0]);
      // Two bytes that stay what they are: writing at all is what counts.
      const at = page === 0 ? TEXT + 8 : TEXT + PAGE + 8;
      rig.memory.write(at, Uint8Array.of(1, 0));
      rig.run(80);
      expect([rig.engine.executed, rig.drops]).toEqual([80, 1]);
    },
  );
});

describe("a fetch", () => {
  it("faults where a jump leads to nothing", () => {
    const rig = createEngineRig([...li(A0, 0x5000), op("jalr", { rs1: A0 })]);
    rig.run();
    expect(rig.raised).toEqual([{ exception: Exception.FETCH_FAULT, pc: 0x5000, value: 0x5000 }]);
    expect(rig.engine.executed).toBe(3);
  });

  it("faults where straight code ends", () => {
    const rig = createEngineRig([padTo(PAGE - 4), op("addi")]);
    rig.run();
    expect(rig.raised).toEqual([{ exception: Exception.FETCH_FAULT, pc: TEXT + PAGE, value: TEXT + PAGE }]);
    expect(rig.engine.executed).toBe(PAGE / 2 - 1);
  });

  it("faults where code was unmapped after it was translated", () => {
    const rig = createEngineRig([label("turn"), op("addi", { rd: A0, rs1: A0, imm: 1 }), to("turn", "jal")]);
    rig.run(100);
    rig.memory.unmap(TEXT, PAGE);
    rig.run(200);
    expect(rig.raised).toEqual([{ exception: Exception.FETCH_FAULT, pc: TEXT, value: TEXT }]);
    expect(rig.engine.executed).toBe(100);
  });
});

describe("a guest that writes to its own code", () => {
  const word = (item: Item): number => new DataView(assemble([item]).bytes.buffer).getUint32(0, true);

  /** Changes `patched`, which is `in` the block of the store or behind it, then goes there. */
  const patching = (same: boolean): Item[] => [
    to("start", "jal"),
    label("start"),
    ...li(T0, word(op("addi", { rd: A0, imm: 2 }))),
    ...li(S0, TEXT),
    op("sw", { rs1: S0, rs2: T0, imm: 0x100 }),
    ...(same ? [] : [op("fence.i")]),
    ...(same ? [padTo(0x100)] : [to("patched", "jal"), padTo(0x100)]),
    label("patched"),
    op("addi", { rd: A0, imm: 1 }),
    to("again", "jal"),
    label("again"),
    op("addi", { rd: T1, rs1: T1, imm: 1 }),
    ...li(T0, 2),
    to("patched", "bne", { rs1: T0, rs2: T1 }),
    op("addi", { rd: 5, rs1: A0 }),
    ...exit(0),
  ];

  it("executes what it wrote from the next block on", () => {
    const rig = createEngineRig(patching(false), { protection: 7 });
    rig.run();
    expect(rig.register(5)).toBe(2n);
    expect(rig.drops).toBe(1);
  });

  it("executes what it wrote into its own block the next time it gets there", () => {
    const rig = createEngineRig(patching(true), { protection: 7 });
    const seen: bigint[] = [];
    const patched = rig.labels.get("patched") ?? 0;
    for (let limit = 1; !rig.ended; limit++) {
      rig.run(limit, true);
      if (rig.engine.pc === patched + 4) seen.push(rig.register(A0));
    }
    expect(seen.at(-1)).toBe(2n);
    expect(rig.register(5)).toBe(2n);
  });

  it("throws blocks away for writes into their pages only", () => {
    const rig = createEngineRig([
      ...li(S0, DATA),
      op("sd", { rs1: S0, rs2: S0 }),
      op("amoadd.d", { rs1: S0, rs2: S0 }),
      ...exit(0),
    ]);
    rig.run();
    expect(rig.drops).toBe(0);
  });

  it("may not write to code that is only executable", () => {
    const rig = createEngineRig([...li(S0, TEXT), op("sb", { rs1: S0, rs2: 0, imm: 1 }), ...exit(0)]);
    rig.run();
    expect(rig.raised).toEqual([{ exception: Exception.STORE_FAULT, pc: TEXT + 8, value: TEXT + 1 }]);
  });
});
