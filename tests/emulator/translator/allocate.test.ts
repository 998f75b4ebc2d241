import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Probe } from "../../../packages/emulator/src/interpreter/plan.js";
import { decode } from "../../../packages/emulator/src/isa/riscv/decode.js";
import { encode } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { type Allocation, allocate } from "../../../packages/emulator/src/translator/allocate.js";
import { type Order, type OrderedNode, order } from "../../../packages/emulator/src/translator/order.js";
import { isCall, type Terminator } from "../../../packages/emulator/src/translator/region.js";
import {
  bitsOf,
  NOTHING,
  only,
  REGISTERS,
  type ResourceSet,
  registersOf,
  resourceName,
  resourcesOf,
} from "../../../packages/emulator/src/translator/resources.js";
import type {
  InstructionStep,
  ProbeStep,
  Step,
  Steps,
} from "../../../packages/emulator/src/translator/steps.js";
import { type Graph, graphs, pcOf, regionOf } from "./graph.js";
import { probes } from "./probes.js";

function instructionStep(name: string, rd: number, rs1: number, rs2: number): InstructionStep {
  const { encoding } = instructionNamed(name);
  const bits = encode(encoding, { rd, rs1, rs2, rs3: rs1 });
  const decoded = decode(bits);
  const instruction = { pc: 0, bits, length: 4, decoded } as const;
  return { kind: "instruction", instruction, decoded, operation: 0, nextOperation: 0, traced: false };
}

function probeStep(probe: Probe, conditional: boolean): ProbeStep {
  const place = { pc: 0, operation: 0, nextOperation: 0, access: undefined };
  return { kind: "probe", probe, ...place, conditional };
}

/** Few registers, so that they are used again. */
const register = fc.constantFrom(0, 1, 2, 3);
const instruction = fc
  .tuple(
    fc.constantFrom(
      "add",
      "xor",
      "lui",
      "ld",
      "sd",
      "amoadd.d",
      "fld",
      "fadd.d",
      "fmadd.d",
      "fcvt.l.d",
      "ecall",
      "csrrw",
    ),
    register,
    register,
    register,
  )
  .map(([name, ...fields]): Step => instructionStep(name, ...fields));
const probe = fc.tuple(probes(true), fc.boolean()).map(([each, conditional]): Step => {
  return probeStep(each, conditional);
});
const blockSteps = fc
  .array(fc.oneof(instruction, probe), { minLength: 1, maxLength: 8 })
  .map((all): Steps => {
    return { groups: [], all, firstOperation: 0 };
  });

interface Trial {
  readonly ordered: Order;
  readonly allocation: Allocation;
}

/** Regions with random steps, some of whose blocks end with a call. */
const trials: fc.Arbitrary<Trial> = graphs(6).chain((graph) =>
  fc
    .tuple(
      fc.array(blockSteps, { minLength: graph.length, maxLength: graph.length }),
      fc.array(fc.boolean(), { minLength: graph.length, maxLength: graph.length }),
    )
    .map(([steps, calls]) => trial(graph, steps, calls)),
);

function trial(graph: Graph, steps: readonly Steps[], calls: readonly boolean[]): Trial {
  const terminate = (node: number): Terminator | undefined => {
    const [next] = graph[node] ?? [];
    return calls[node] && next !== undefined ? { kind: "call-indirect", next: pcOf(next) } : undefined;
  };
  const ordered = order(regionOf(graph, terminate));
  const own = ordered.nodes.map(({ pc }) => steps[(pc - pcOf(0)) / 16] as Steps);
  return { ordered, allocation: allocate(ordered, own, resourcesOf(own)) };
}

/**
 * What a region's code does with variables and their homes, as `emit.ts` writes it down: each value that is ever made has a
 * number of its own, so that one that is stale is noticed.
 */
function simulate({ ordered, allocation }: Trial, choices: Iterator<number, number>): void {
  const { resources, used } = allocation;
  const truth = new Map<number, number>();
  const home = new Map<number, number>();
  const variable = new Map<number, number>();
  let dirty = NOTHING;
  let values = 0;
  const trail: string[] = [];

  const choose = (ways: number): number => choices.next().value % ways;
  const say = (bit: number): string => `${resourceName(resources, bit)} after ${trail.join(" ")}`;

  /** Somebody else has changed these, where they live. */
  function changeBehind(set: ResourceSet): void {
    for (const bit of bitsOf(set)) {
      truth.set(bit, ++values);
      home.set(bit, values);
    }
  }
  function load(set: ResourceSet): void {
    for (const bit of bitsOf(set)) variable.set(bit, home.get(bit) ?? -1);
  }
  function use(set: ResourceSet): void {
    for (const bit of bitsOf(set)) {
      if (variable.get(bit) !== truth.get(bit)) throw new Error(`a stale variable is used: ${say(bit)}`);
    }
  }
  function define(set: ResourceSet): void {
    for (const bit of bitsOf(set)) {
      truth.set(bit, ++values);
      variable.set(bit, values);
    }
    dirty |= set;
  }
  function store(): void {
    for (const bit of bitsOf(dirty)) {
      if (variable.get(bit) !== truth.get(bit)) throw new Error(`a stale variable is stored: ${say(bit)}`);
      home.set(bit, variable.get(bit) ?? -1);
    }
  }
  /** The region could be left here. */
  function exit(): void {
    const before = new Map(home);
    store();
    for (const bit of bitsOf(used)) {
      if (home.get(bit) !== truth.get(bit)) throw new Error(`a value is lost: ${say(bit)}`);
    }
    home.clear();
    for (const [bit, value] of before) home.set(bit, value);
  }

  function host(changes: ResourceSet, reload: ResourceSet): void {
    changeBehind(changes);
    load(reload);
    exit();
  }

  function takeProbe(step: ProbeStep, reload: ResourceSet): void {
    const { probe: each, conditional } = step;
    const bit = "cell" in each ? resources.cell(each.cell) : undefined;
    const cell = bit === undefined ? NOTHING : only(bit);
    const happens = !conditional || choose(2) === 0;
    trail.push(`${each.kind}${conditional ? (happens ? "!" : "?") : ""}`);
    switch (each.kind) {
      case "count":
      case "add":
        // What is written down for an event that may not happen has the cell dirty on either way.
        if (happens) use(cell);
        if (happens) define(cell);
        dirty |= cell;
        break;
      case "store":
        if (happens) define(cell);
        dirty |= cell;
        break;
      case "batch": {
        const ring = only(resources.ring(each.ring) ?? 0);
        if (happens) use(ring);
        if (happens) define(ring);
        dirty |= ring;
        break;
      }
      case "call":
      case "call-if": {
        if (!happens) return;
        use(cell);
        if (each.kind === "call-if" && choose(2) === 0) return;
        store();
        if (each.kind === "call" && !conditional) dirty = NOTHING;
        host((each.writes ? REGISTERS & used : NOTHING) | resources.extras, reload);
        break;
      }
    }
  }

  function takeInstruction({ decoded }: InstructionStep): boolean {
    if (decoded === undefined) throw new Error("no such instruction");
    trail.push(decoded.instruction.name);
    const { uses, defs } = registersOf(decoded);
    use(uses);
    const { flow, memory } = decoded.instruction;
    if (memory !== undefined || flow !== "next") exit();
    define(defs);
    if (memory?.store) exit();
    return decoded.instruction.name !== "ecall";
  }

  changeBehind(used);
  let node: OrderedNode | undefined = ordered.nodes[0];
  load(allocation.nodes[0]?.live ?? NOTHING);
  for (let length = 0; node !== undefined && length < 30; length++) {
    const own = allocation.nodes[node.position];
    if (own === undefined) throw new Error("a node without an allocation");
    trail.push(`[${node.position}]`);
    // The code of a node is written down once: it takes for changed what is so on some way to it.
    dirty = own.dirty;
    if (node.isLoop) exit();
    if (own.steps.all.some((s) => s.kind === "probe" && s.probe.kind === "batch") && choose(2) === 0) {
      store();
      host(resources.extras, own.live & resources.extras);
    }
    for (const step of own.steps.all) {
      if (step.kind === "probe") takeProbe(step, own.reload.get(step) ?? NOTHING);
      else if (!takeInstruction(step)) return;
    }
    const ways: readonly number[] = [...node.inside];
    const to = ways[choose(ways.length + (isCall(node.terminator) ? 0 : 1) || 1)];
    const next: OrderedNode | undefined = to === undefined ? undefined : ordered.at(to);
    if (isCall(node.terminator)) {
      exit();
      store();
      changeBehind(used);
      if (next !== undefined) load(allocation.nodes[next.position]?.live ?? NOTHING);
    } else if (next === undefined) {
      const leaves = ways.length < new Set(terminatorTargets(node.terminator)).size || ways.length === 0;
      if (leaves || node.terminator.kind === "computed") exit();
    }
    node = next;
  }
}

function terminatorTargets(terminator: Terminator): readonly number[] {
  switch (terminator.kind) {
    case "jump":
      return [terminator.target];
    case "branch":
      return [terminator.taken, terminator.next];
    case "computed":
      return terminator.targets;
    default:
      return [];
  }
}

/** The same numbers again and again. */
function* forever(numbers: readonly number[]): Generator<number, never> {
  for (;;) yield* numbers;
}

const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 60 });

describe("the allocation of a region", () => {
  it("never uses or stores what is stale, and never loses what was changed", () => {
    fc.assert(
      fc.property(trials, fc.array(choices, { minLength: 5, maxLength: 5 }), (each, ways) => {
        for (const way of ways) simulate(each, forever(way));
      }),
      { numRuns: 3000 },
    );
  });

  const alone = (...all: readonly Step[]): Allocation =>
    trial([[]], [{ groups: [], all, firstOperation: 0 }], [false]).allocation;
  const names = ({ resources }: Allocation, set: ResourceSet = NOTHING): string[] =>
    [...bitsOf(set)].map((bit) => resourceName(resources, bit));

  it("loads what is used before it is set, and no more", () => {
    const add = instructionStep("add", 1, 2, 3);
    const one = alone(add);
    expect(names(one, one.nodes[0]?.live)).toEqual(["sp", "gp"]);
    const two = alone(instructionStep("lui", 2, 0, 0), add);
    expect(names(two, two.nodes[0]?.live)).toEqual(["gp"]);
  });

  it("loads again what a callback may change, if the region may be left right after it", () => {
    const call = probeStep({ kind: "call", site: 0, writes: true }, true);
    const found = alone(instructionStep("lui", 2, 0, 0), call, instructionStep("lui", 2, 0, 0));
    expect(names(found, found.nodes[0]?.reload.get(call))).toEqual(["sp"]);
  });

  it("has nothing to store that is stored already, by a guest call or for a callback", () => {
    const set = instructionStep("lui", 2, 0, 0);
    const call = probeStep({ kind: "call", site: 0, writes: false }, false);
    const maybe = probeStep({ kind: "call", site: 0, writes: false }, true);
    const second = (first: readonly Step[], calls: boolean): readonly string[] => {
      const steps = [first, [set]].map((all): Steps => ({ groups: [], all, firstOperation: 0 }));
      const { allocation } = trial([[1], []], steps, [calls]);
      return names(allocation, allocation.nodes[1]?.dirty);
    };
    expect(second([set], false)).toEqual(["sp"]);
    expect(second([set, maybe], false)).toEqual(["sp"]);
    expect(second([set, call], false)).toEqual([]);
    expect(second([set], true)).toEqual([]);
  });

  it("is refused for blocks without steps", () => {
    const ordered = order(regionOf([[]]));
    expect(() => allocate(ordered, [], resourcesOf([]))).toThrow("no steps for the block at 0x10000");
  });
});
