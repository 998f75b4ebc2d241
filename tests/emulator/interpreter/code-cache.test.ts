import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAttachments } from "../../../packages/emulator/src/instrument/planner.js";
import { type CodeCache, createCodeCache } from "../../../packages/emulator/src/interpreter/code-cache.js";
import { handlers } from "../../../packages/emulator/src/interpreter/handlers.js";
import { Field } from "../../../packages/emulator/src/interpreter/operation.js";
import type { Planner, Probe } from "../../../packages/emulator/src/interpreter/plan.js";
import type { GuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { CODE_START, GUEST_END } from "../../../packages/emulator/src/memory/layout.js";
import { exit, label, li, op, padTo, S0, T0, TEXT, to } from "../machine/assemble.js";
import { randomProgram } from "../machine/lanes/random-program.js";
import { createCode, createEngineRig, NOTHING } from "./rig.js";

/** Bytes of the code cache that no test fills. */
const SOME = 0x10_0000;

function operationAt(cache: CodeCache, pc: number): number {
  const found = cache.find(pc);
  if ("fault" in found) throw new Error(`fault at ${found.fault}`);
  return found.operation;
}

/** The operations of the block that begins at `first`, up to its end. */
function operationsOf(cache: CodeCache, { view }: GuestMemory, first: number) {
  const { block } = cache.position(first);
  const list: { at: number; name: string; executes: boolean; pc: number }[] = [];
  for (let at = block.start; at < block.end; ) {
    const handler = handlers[view.getUint16(at + Field.HANDLER, true)];
    if (handler === undefined) throw new Error("no such handler");
    list.push({
      at,
      name: handler.name,
      executes: handler.executes,
      pc: view.getUint32(at + Field.PC, true),
    });
    at += handler.size;
  }
  return list;
}

const straight = [op("c.addi"), op("addi"), op("lw", { rs1: S0 }), op("amoadd.w", { rs1: S0 }), op("ecall")];

describe("find", () => {
  it("gives the same block until it is thrown away", () => {
    const { memory } = createCode(straight);
    let flushed = 0;
    const cache = createCodeCache(memory, NOTHING, () => flushed++);
    const first = operationAt(cache, TEXT);
    expect(operationAt(cache, TEXT)).toBe(first);
    expect(operationAt(cache, TEXT + 2)).not.toBe(first);
    cache.markStale();
    expect([cache.stale, flushed]).toEqual([true, 0]);
    expect(operationAt(cache, TEXT)).toBe(first);
    expect([cache.stale, flushed]).toEqual([false, 1]);
  });

  it("asks what is to be instrumented once a translation", () => {
    const { memory } = createCode(straight);
    const asked: number[] = [];
    const planner: Planner = {
      plan([first]) {
        asked.push(first?.pc ?? 0);
        return undefined;
      },
    };
    const cache = createCodeCache(memory, planner, () => {});
    cache.find(TEXT);
    cache.find(TEXT);
    cache.find(TEXT + 2);
    cache.flush();
    cache.find(TEXT);
    expect(asked).toEqual([TEXT, TEXT + 2, TEXT]);
  });

  it("tells where a fetch faults", () => {
    const cache = createCodeCache(createCode(straight).memory, NOTHING, () => {});
    for (const pc of [0, 0x5000, GUEST_END, 2 ** 32, 2 ** 40]) expect(cache.find(pc)).toEqual({ fault: pc });
  });

  it("finds blocks on as many pages as there are", () => {
    const items = Array.from({ length: 20 }, (_, page) => [
      padTo(4096 * page),
      op("c.addi"),
      op("ecall"),
    ]).flat();
    const cache = createCodeCache(createCode(items).memory, NOTHING, () => {});
    const pcs = Array.from({ length: 20 }, (_, page) => TEXT + 4096 * page);
    const first = pcs.map((pc) => operationAt(cache, pc));
    expect(new Set(first).size).toBe(20);
    expect(pcs.map((pc) => operationAt(cache, pc))).toEqual(first);
    expect(first.map((operation) => cache.position(operation).block.pc)).toEqual(pcs);
  });
});

describe("cut", () => {
  it("gives a block of so many instructions, for one execution", () => {
    const { memory } = createCode(straight);
    const cache = createCodeCache(memory, NOTHING, () => {});
    const whole = operationAt(cache, TEXT);
    const cut = cache.cut(TEXT, 2);
    if ("fault" in cut) throw new Error("fault");
    expect(operationsOf(cache, memory, cut.operation).map((o) => o.name)).toEqual([
      "enter",
      "addi",
      "addi",
      "cut",
    ]);
    expect(cache.position(cut.operation).block).toMatchObject({ pc: TEXT, insns: 2 });
    expect(operationAt(cache, TEXT)).toBe(whole);
  });
});

describe("position", () => {
  it("counts the instructions before an operation, wherever probes stand", () => {
    const probe: Probe = { kind: "count", cell: 0 };
    const lists = (seed: number) => (_: unknown, i: number) => Array<Probe>((seed >> i) & 1).fill(probe);
    fc.assert(
      fc.property(fc.nat(31), fc.nat(31), fc.nat(31), fc.nat(3), (before, loads, stores, block) => {
        const { memory } = createCode(straight);
        const cache = createCodeCache(
          memory,
          {
            plan: (instructions) => ({
              block: Array<Probe>(block).fill(probe),
              before: instructions.map(lists(before)),
              loads: instructions.map(lists(loads)),
              stores: instructions.map(lists(stores)),
            }),
          },
          () => {},
        );
        const first = operationAt(cache, TEXT);
        const operations = operationsOf(cache, memory, first);
        let executed = 0;
        for (const { at, executes, pc } of operations) {
          const position = cache.position(at);
          expect(position.block.start).toBe(first);
          expect(position.before).toBe(executed);
          const ofInstruction = operations.filter((o) => o.executes && o.pc < pc).length;
          expect(position.beforePc).toBe(ofInstruction);
          if (executes) executed++;
        }
        expect(executed).toBe(straight.length);
      }),
    );
  });

  it("refuses what is no operation", () => {
    const cache = createCodeCache(createCode(straight).memory, NOTHING, () => {});
    expect(() => cache.position(CODE_START)).toThrow("no block holds the operation at 0x");
    cache.find(TEXT);
    expect(() => cache.position(CODE_START - 16)).toThrow("no block holds");
    expect(() => cache.position(CODE_START + 0x10_0000)).toThrow("no block holds");
  });
});

describe("links between blocks", () => {
  const loop = [
    ...li(T0, 50),
    label("turn"),
    op("addi", { rd: T0, rs1: T0, imm: -1 }),
    to("turn", "bne", { rs1: T0, rs2: 0 }),
    ...exit(0),
  ];

  it("are followed without the host once they are set, and set anew after a flush", () => {
    const rig = createEngineRig(loop);
    let lookups = 0;
    const { find } = rig.cache;
    const { follow } = rig.cache;
    Object.assign(rig.cache, {
      find: (pc: number) => {
        lookups++;
        return find(pc);
      },
      follow: (link: number) => {
        lookups++;
        return follow(link);
      },
    });
    rig.run(60);
    // The first block, the turn from there, from itself.
    expect(lookups).toBe(3);
    rig.cache.markStale();
    rig.run(80);
    expect(rig.flushes).toBe(1);
    rig.run();
    expect(lookups).toBeLessThan(10);
    expect([rig.engine.executed, rig.raised]).toEqual([1 + 100 + 3, []]);
  });
});

describe("nobody attached", () => {
  /** The code cache's bytes once these blocks are translated, in this order. */
  function bytesOf(cache: CodeCache, { u8 }: GuestMemory, pcs: readonly number[]): Uint8Array {
    cache.flush();
    u8.fill(0, CODE_START, CODE_START + SOME);
    for (const pc of pcs) cache.find(pc);
    const used = u8.slice(CODE_START, CODE_START + SOME);
    return used.subarray(0, used.findLastIndex((byte) => byte !== 0) + 1);
  }

  it("means the same operations as without any instrumentation, also after somebody was", () => {
    fc.assert(
      fc.property(randomProgram, (items) => {
        const pcs: number[] = [];
        createEngineRig(items, {
          planner: {
            plan([first]) {
              pcs.push(first?.pc ?? 0);
              return undefined;
            },
          },
        }).run();

        const { memory: bare } = createCode(items);
        const plain = bytesOf(
          createCodeCache(bare, NOTHING, () => {}),
          bare,
          pcs,
        );
        const { memory } = createCode(items);
        const attachments = createAttachments(
          () => undefined,
          () => {},
        );
        const cache = createCodeCache(memory, attachments, () => {});
        const probe: Probe = { kind: "count", cell: 8 };
        const offs = [
          attachments.attach("block", () => probe),
          attachments.attach("instruction", () => probe),
          attachments.attach("access", () => probe),
          attachments.attach("translation", () => undefined),
        ];
        expect(bytesOf(cache, memory, pcs)).not.toEqual(plain);
        for (const off of offs) off();
        expect(bytesOf(cache, memory, pcs)).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  it("means an operation for each instruction, and one for the block", () => {
    const { memory } = createCode([...straight.slice(0, -1), to("end", "jal"), label("end"), op("ecall")]);
    const attachments = createAttachments(
      () => undefined,
      () => {},
    );
    const cache = createCodeCache(memory, attachments, () => {});
    const names = operationsOf(cache, memory, operationAt(cache, TEXT)).map((o) => o.name);
    expect(names).toEqual(["enter", "addi", "addi", "lw", "amoadd.w", "jal"]);
  });

  it("is what a selection that nothing fits comes to", () => {
    const { memory } = createCode(straight);
    const attachments = createAttachments(
      () => undefined,
      () => {},
    );
    attachments.attach("instruction", (i) =>
      i.isCall ? { kind: "call", site: 1, writes: false } : undefined,
    );
    attachments.attach("access", () => undefined);
    const cache = createCodeCache(memory, attachments, () => {});
    const names = operationsOf(cache, memory, operationAt(cache, TEXT)).map((o) => o.name);
    expect(names).toEqual(["enter", "addi", "addi", "lw", "amoadd.w", "ecall"]);
  });
});
