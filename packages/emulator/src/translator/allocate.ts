import type { Order, OrderedNode } from "./order.js";
import { isCall, successors } from "./region.js";
import {
  EVERYTHING,
  NOTHING,
  only,
  REGISTERS,
  type ResourceSet,
  type Resources,
  registersOf,
} from "./resources.js";
import type { ProbeStep, Step, Steps } from "./steps.js";

/** What a step does to resources. */
interface Effect {
  readonly uses: ResourceSet;
  readonly defs: ResourceSet;
  /** The region can be left here: what is dirty has to be in its variable. */
  readonly leaves: boolean;
  /** What is dirty is stored here. */
  readonly flushes: boolean;
  /** Changed behind the region's back, and to be loaded again. */
  readonly lost: ResourceSet;
}

/** Where the values of resources are in one node. */
export interface NodeAllocation {
  readonly steps: Steps;
  /** In the variable only, on some way to the node. */
  readonly dirty: ResourceSet;
  /** To be in the variable when the node begins. */
  readonly live: ResourceSet;
  /** To be loaded again after a step. */
  readonly reload: ReadonlyMap<Step, ResourceSet>;
}

/** Where the values of resources are in a region. */
export interface Allocation {
  readonly resources: Resources;
  /** All that is ever used. */
  readonly used: ResourceSet;
  /** By position. */
  readonly nodes: readonly NodeAllocation[];
}

function probeEffect({ probe, conditional }: ProbeStep, resources: Resources): Effect {
  const none: Effect = { uses: NOTHING, defs: NOTHING, leaves: false, flushes: false, lost: NOTHING };
  const cellBit = "cell" in probe ? resources.cell(probe.cell) : undefined;
  const cell = cellBit === undefined ? NOTHING : only(cellBit);
  switch (probe.kind) {
    case "count":
    case "add":
      return { ...none, uses: cell, defs: cell };
    case "store":
      // Kept alive where it may not happen.
      return { ...none, uses: conditional ? cell : NOTHING, defs: cell };
    case "batch": {
      const ring = resources.ring(probe.ring);
      const set = ring === undefined ? NOTHING : only(ring);
      return { ...none, uses: set, defs: set };
    }
    case "call":
    case "call-if": {
      const lost = (probe.writes ? REGISTERS : NOTHING) | resources.extras;
      const always = probe.kind === "call" && !conditional;
      return { uses: cell, defs: NOTHING, leaves: true, flushes: always, lost };
    }
  }
}

/** Whether an instruction can raise an exception, or hand over to the host, as a floating-point one can by its mode. */
function canLeave(step: Step): boolean {
  if (step.kind === "probe") return false;
  const { decoded } = step;
  if (decoded === undefined) return true;
  const { instruction, rm } = decoded;
  if (instruction.memory !== undefined || instruction.flow !== "next") return true;
  return instruction.operands.some((o) => o === "rm" || o === "rmUnlessZero") && rm > 4;
}

function effectOf(step: Step, resources: Resources): Effect {
  if (step.kind === "probe") return probeEffect(step, resources);
  const registers = step.decoded === undefined ? { uses: NOTHING, defs: NOTHING } : registersOf(step.decoded);
  return { ...registers, leaves: canLeave(step), flushes: false, lost: NOTHING };
}

/** Whether the way to some successor leads out of the region. */
function leavesAtEnd({ terminator, inside }: OrderedNode): boolean {
  if (isCall(terminator) || terminator.kind === "computed") return true;
  const all = successors(terminator);
  return all.length === 0 || all.some((to) => !inside.has(to));
}

/** A node with the effects of its steps, and what they make dirty. */
interface Facts {
  readonly node: OrderedNode;
  readonly steps: Steps;
  readonly effects: readonly Effect[];
  /** Rings that are written to: it is looked at the beginning whether there is room. */
  readonly rings: ResourceSet;
}

/**
 * Finds out which resources have to be loaded and stored where. A resource is loaded where the region begins and after
 * calls, if its variable is then used on some way; it is stored where the region is left, if it may have been changed.
 */
export function allocate(order: Order, steps: readonly Steps[], resources: Resources): Allocation {
  const facts = order.nodes.map((node, at): Facts => {
    const own = steps[at];
    if (own === undefined) throw new Error(`no steps for the block at 0x${node.pc.toString(16)}`);
    return {
      node,
      steps: own,
      effects: own.all.map((s) => effectOf(s, resources)),
      rings: ringsOf(own, resources),
    };
  });
  const dirty = dirtyAtEntry(order, facts);
  const live = liveAtEntry(order, facts, dirty);
  let used = resources.extras;
  for (const { effects } of facts) for (const { uses, defs } of effects) used |= uses | defs;
  return {
    resources,
    used,
    nodes: facts.map((fact, at) => ({
      steps: fact.steps,
      dirty: dirty[at] ?? NOTHING,
      live: live[at] ?? NOTHING,
      reload: backward(fact, dirty[at] ?? NOTHING, neededAfter(order, fact, live)).reload,
    })),
  };
}

function ringsOf({ all }: Steps, resources: Resources): ResourceSet {
  let rings = NOTHING;
  for (const step of all) {
    if (step.kind !== "probe" || step.probe.kind !== "batch") continue;
    const ring = resources.ring(step.probe.ring);
    if (ring !== undefined) rings |= only(ring);
  }
  return rings;
}

function dirtyAtEntry(order: Order, facts: readonly Facts[]): ResourceSet[] {
  const dirty = facts.map(() => NOTHING);
  // What a node does to any set follows from what it does to none, and to everything.
  const ways = facts.map(({ node, effects }) => {
    const through = (from: ResourceSet): ResourceSet =>
      isCall(node.terminator) ? NOTHING : afterAll(from, effects);
    return { made: through(NOTHING), kept: through(EVERYTHING) };
  });
  for (let changed = true; changed; ) {
    changed = false;
    facts.forEach(({ node }, at) => {
      const { made = NOTHING, kept = NOTHING } = ways[at] ?? {};
      const present = made | ((dirty[at] ?? NOTHING) & kept);
      for (const to of node.inside) {
        const target = order.at(to)?.position ?? 0;
        const merged = (dirty[target] ?? NOTHING) | present;
        if (merged === dirty[target]) continue;
        dirty[target] = merged;
        changed = true;
      }
    });
  }
  return dirty;
}

function liveAtEntry(order: Order, facts: readonly Facts[], dirty: readonly ResourceSet[]): ResourceSet[] {
  const live = facts.map(() => NOTHING);
  const ways = facts.map((fact, at) => {
    const through = (after: ResourceSet): ResourceSet => backward(fact, dirty[at] ?? NOTHING, after).before;
    return { made: through(NOTHING), kept: through(EVERYTHING) };
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = facts.length - 1; at >= 0; at--) {
      const fact = facts[at];
      if (fact === undefined) continue;
      const { made = NOTHING, kept = NOTHING } = ways[at] ?? {};
      const before = made | (neededAfter(order, fact, live) & kept);
      if (before === live[at]) continue;
      live[at] = before;
      changed = true;
    }
  }
  return live;
}

/** What the nodes that a node leads to need in variables; a call gives them nothing. */
function neededAfter(order: Order, { node }: Facts, live: readonly ResourceSet[]): ResourceSet {
  let needed = NOTHING;
  if (isCall(node.terminator)) return needed;
  for (const to of node.inside) needed |= live[order.at(to)?.position ?? 0] ?? NOTHING;
  return needed;
}

function afterStep(dirty: ResourceSet, { flushes, defs }: Effect): ResourceSet {
  return (flushes ? NOTHING : dirty) | defs;
}

function afterAll(dirty: ResourceSet, effects: readonly Effect[]): ResourceSet {
  return effects.reduce(afterStep, dirty);
}

/** What is needed in variables before a node, and in between, given what is needed after it. */
function backward(
  { node, steps, effects, rings }: Facts,
  dirtyAtStart: ResourceSet,
  neededAtEnd: ResourceSet,
): { readonly before: ResourceSet; readonly reload: ReadonlyMap<Step, ResourceSet> } {
  const dirtyBefore: ResourceSet[] = [];
  let dirty = dirtyAtStart;
  for (const effect of effects) {
    dirtyBefore.push(dirty);
    dirty = afterStep(dirty, effect);
  }
  let needed = neededAtEnd | (leavesAtEnd(node) ? dirty : NOTHING);
  const reload = new Map<Step, ResourceSet>();
  for (let at = effects.length - 1; at >= 0; at--) {
    const effect = effects[at];
    const step = steps.all[at];
    if (effect === undefined || step === undefined) continue;
    if (effect.lost !== NOTHING) {
      // What is stored if the region is left right after it has to be there as well.
      const stored = effect.flushes ? NOTHING : (dirtyBefore[at] ?? NOTHING);
      reload.set(step, (needed | stored) & effect.lost);
    }
    if (effect.flushes) needed &= ~effect.lost;
    needed = (needed & ~effect.defs) | effect.uses;
    if (effect.leaves) needed |= dirtyBefore[at] ?? NOTHING;
  }
  if (node.isLoop || rings !== NOTHING) needed |= dirtyAtStart | rings;
  return { before: needed, reload };
}
