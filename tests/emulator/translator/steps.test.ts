import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCodeCache } from "../../../packages/emulator/src/interpreter/code-cache.js";
import { handlers } from "../../../packages/emulator/src/interpreter/handlers.js";
import { Field } from "../../../packages/emulator/src/interpreter/operation.js";
import type { BlockPlan, Probe } from "../../../packages/emulator/src/interpreter/plan.js";
import { scanBlock } from "../../../packages/emulator/src/interpreter/scan.js";
import { type Step, type Steps, stepsOf } from "../../../packages/emulator/src/translator/steps.js";
import { createCode } from "../interpreter/rig.js";
import { halfword, type Item, op, TEXT } from "../machine/assemble.js";
import { plansFor, probes } from "./probes.js";

/** What the interpreter does one after another: names and places of a block's operations. */
interface Operation {
  readonly name: string;
  readonly at: number;
  readonly pc: number;
}

function blockWith(
  items: readonly Item[],
  plan: BlockPlan | undefined,
): { operations: Operation[]; steps: Steps } {
  const { memory } = createCode(items);
  const cache = createCodeCache(memory, { plan: () => plan }, () => {});
  cache.find(TEXT);
  const block = cache.known(TEXT);
  if (block === undefined) throw new Error("no block");
  const operations: Operation[] = [];
  for (let at = block.start; at < block.end; ) {
    const handler = handlers[memory.view.getUint16(at + Field.HANDLER, true)];
    if (handler === undefined) throw new Error("no such handler");
    operations.push({ name: handler.name, at, pc: memory.view.getUint32(at + Field.PC, true) });
    at += handler.size;
  }
  const node = { pc: TEXT, block, terminator: { kind: "trap" } } as const;
  return { operations, steps: stepsOf(memory.view, node) };
}

const register = fc.integer({ min: 0, max: 31 });
const straight = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("add", "addi", "fadd.d", "fld", "fsd", "lw", "sd", "amoadd.w", "lr.d", "sc.w", "sc.d"),
      register,
    )
    .map(([name, rd]) => op(name, { rd, rs1: 8 })),
  fc.constantFrom(op("c.addi"), op("c.ld", { rd: 9, rs1: 8 }), op("c.sd", { rs1: 8, rs2: 9 })),
);
const last = fc.constantFrom(op("beq"), op("jal"), op("jalr"), op("ecall"), op("csrrw"), halfword(0));
const code = fc.tuple(fc.array(straight, { maxLength: 12 }), last).map(([items, end]) => [...items, end]);

const planned = code.chain((items) => {
  const scanned = scanBlock(createCode(items).memory, TEXT, 100);
  if ("fault" in scanned) throw new Error("the code cannot be fetched");
  const plan = fc.option(plansFor(scanned.instructions, probes(false)), { nil: undefined });
  return fc.tuple(fc.constant(items), plan);
});

function nameOf(probe: Probe, access: "load" | "store" | undefined): string {
  if (probe.kind === "call-if") return `call-${probe.condition}`;
  if (probe.kind !== "batch" || access === undefined) return probe.kind;
  return probe.values === "none" ? "batch-address" : `batch-${access}`;
}

function operationOf(step: Step): Operation {
  if (step.kind === "probe")
    return { name: nameOf(step.probe, step.access), at: step.operation, pc: step.pc };
  const { instruction, decoded, traced, operation: at } = step;
  const name = decoded?.instruction.name ?? "illegal";
  return { name: traced ? `${name} (traced)` : name, at, pc: instruction.pc };
}

describe("a block's steps", () => {
  it("are the interpreter's operations, in their order and at their places", () => {
    fc.assert(
      fc.property(planned, ([items, plan]) => {
        const { operations, steps } = blockWith(items, plan);
        // Those that the interpreter needs for itself: what enters the block, what goes on, what skips.
        const own = operations.filter(({ name }) => !["enter", "go on", "unless-stored"].includes(name));
        expect(steps.all.map(operationOf)).toEqual(own);
        expect(steps.firstOperation).toBe(operations[1]?.at);
        const after = new Map(operations.map(({ at }, i) => [at, operations[i + 1]?.at]));
        for (const { operation, nextOperation } of steps.all) {
          const next = after.get(operation);
          if (next !== undefined) expect(nextOperation).toBe(next);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("are so if a list of probes is there, but empty", () => {
    const plan: BlockPlan = { block: [], before: [], loads: [[]], stores: [[], []] };
    const { steps, operations } = blockWith(
      [op("ld", { rs1: 8 }), op("sc.d", { rs1: 8 }), op("ecall")],
      plan,
    );
    expect(steps.all.map(operationOf)).toEqual(operations.slice(1));
  });

  it("belong to their instructions, in the order of the plan", () => {
    fc.assert(
      fc.property(planned, ([items, plan]) => {
        const { steps } = blockWith(items, plan);
        const none: readonly Probe[] = [];
        steps.groups.forEach(({ before, instruction, after }, at) => {
          const { pc, decoded } = instruction.instruction;
          const first = at === 0 ? (plan?.block ?? none) : none;
          expect(before.map(({ probe }) => probe)).toEqual([...first, ...(plan?.before[at] ?? none)]);
          const [loads, stores] = [plan?.loads[at] ?? none, plan?.stores[at] ?? none];
          expect(after.map(({ probe }) => probe)).toEqual([...loads, ...stores]);
          expect(after.map(({ access }) => access)).toEqual([
            ...loads.map(() => "load"),
            ...stores.map(() => "store"),
          ]);
          const isConditional = decoded?.instruction.name.startsWith("sc.") ?? false;
          for (const step of after) expect(step).toMatchObject({ pc, conditional: isConditional });
          for (const step of before)
            expect(step).toMatchObject({ pc, conditional: false, access: undefined });
        });
        const grouped = steps.groups.flatMap(({ before, instruction, after }) => [
          ...before,
          instruction,
          ...after,
        ]);
        expect(steps.all).toEqual(grouped);
      }),
      { numRuns: 50 },
    );
  });
});
