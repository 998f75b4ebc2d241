import { findBlock } from "../interpreter/enter.js";
import { Exit } from "../interpreter/exit.js";
import { Demand, EntryField } from "../interpreter/operation.js";
import { HOST_EXIT, NO_REGION, REGION } from "../interpreter/region-call.js";
import { EXIT_CAUSE, FUEL, GUEST_END, PC } from "../memory/layout.js";
import { createBody, type Variable } from "../wasm/body.js";
import { type Expr, type I64, i32, i64 } from "../wasm/expr.js";
import type { Func } from "../wasm/func.js";
import type { Label, Statement } from "../wasm/statement.js";
import { groupAccesses } from "./access.js";
import type { Allocation, NodeAllocation } from "./allocate.js";
import { createRegionEmitter, type Flow } from "./emitter.js";
import { createFloatInliner } from "./float.js";
import type { Order, OrderedNode } from "./order.js";
import { createProbeEmitter } from "./probes.js";
import { isCall } from "./region.js";
import { NOTHING } from "./resources.js";
import { createState, type Knowledge } from "./state.js";
import { writeStructured } from "./structure.js";

/** A region's function. */
export type RegionFunc = Func<typeof REGION.params, typeof REGION.result>;

/** What a region's code refers to. */
export interface EmitContext {
  /** Slot of the region that begins at this pc, or will, if there is ever one. */
  slotOf(pc: number): number;
  /** Puts a table where the region finds it, as long as it lives; gives its address, or undefined if there is no room. */
  keep(table: Uint8Array): number | undefined;
  /** Address of a window for a check, its own if there are enough. */
  nextWindow(): number;
  /** Events that the ring at this address has room for. */
  capacityOf(ring: number): number;
}

/** So many targets of a computed jump are compared with, one after the other. */
const FEW_TARGETS = 3;
/** Bytes of code from the first target to the last, for a table of them. */
const LARGEST_SPAN = 0x4000;

/** Writes a region as a WebAssembly function. */
export function emitRegion(order: Order, allocation: Allocation, context: EmitContext): RegionFunc {
  const { region } = order;
  const b = createBody(REGION.params);
  const [pcParameter, depthParameter] = b.params;
  const pc = pcParameter as Variable<"i32">;
  const depth = depthParameter as Variable<"i32">;
  b.name(pc, "pc");
  b.name(depth, "depth");
  const name = `region_${region.head.toString(16)}`;
  const body: Statement[] = [];
  const own: RegionFunc = { name, ...REGION, locals: b.locals, names: b.names, body };

  const headLive = allocation.nodes[0]?.live ?? NOTHING;
  const bound = BigInt(region.insns);

  b.rarely(i64.lt_s(i64.load(0, FUEL), bound), () => b.return(pc));
  const state = createState(b, allocation.resources, allocation.used);
  b.set(state.fuel, i64.load(0, FUEL));
  const float = rounds(allocation) ? createFloatInliner(b) : undefined;
  float?.refresh();
  const emitter = createRegionEmitter(b, state, float, context.nextWindow);
  const probes = createProbeEmitter(b, state, context.capacityOf, () => float?.refresh());
  state.load(headLive);

  function allocationOf(node: OrderedNode): NodeAllocation {
    const found = allocation.nodes[node.position];
    if (found === undefined) throw new Error(`no allocation for the block at 0x${node.pc.toString(16)}`);
    return found;
  }

  /** The state in memory, for whoever comes next. */
  function store(): void {
    state.store();
    b.store(0, state.fuel, FUEL);
  }

  function hostExit(cause: number): void {
    b.store(0, i32.const(cause), EXIT_CAUSE);
    b.return(i32.const(HOST_EXIT));
  }

  /** No block is known at a pc: the host looks it up. */
  function lookUp(target: I64): void {
    b.store(0, target, PC);
    hostExit(Exit.LOOKUP);
  }

  /** Leaves for another region, which takes this one's place on the stack, or for the interpreter. */
  function leaveTo(to: number): void {
    store();
    b.returnCallIndirect(REGION, context.slotOf(to), to, depth);
  }

  /** The slot of the region at a pc that is known only when it runs; the state must be in memory. */
  function slotAt(target: Variable<"i64">): Variable<"i32"> {
    const miss = (): void => lookUp(target);
    b.rarely(i64.ge_u(target, GUEST_END), miss);
    const operation = b.let(findBlock(b, b.let(i32.wrap_i64(target)), miss));
    const isRegion = i32.eq(i32.load(operation, EntryField.DEMAND), Demand.REGION);
    return b.let(i32.select(isRegion, i32.load16_u(operation, EntryField.SLOT), NO_REGION));
  }

  /** A guest call as a call: the callee gives the return address back, or something that is not for this region. */
  function returned(result: Expr<"i32">, next: number, go: (to: number) => void): void {
    const to = b.let(result);
    b.rarely(i32.ne(to, next), () => b.return(to));
    b.set(state.fuel, i64.load(0, FUEL));
    b.rarely(i64.lt_s(state.fuel, bound), () => b.return(to));
    float?.refresh();
    const successor = order.at(next);
    if (successor !== undefined) state.load(allocationOf(successor).live);
    go(next);
  }

  /** Goes on inside where the target is; falls through where it is not. */
  function goComputed(target: Variable<"i64">, inside: readonly number[], go: (to: number) => void): void {
    const first = Math.min(...inside);
    const bytes = Math.max(...inside) + 2 - first;
    const table =
      inside.length > FEW_TARGETS && inside.length < 256 && bytes <= LARGEST_SPAN
        ? new Uint8Array(bytes / 2)
        : undefined;
    // 0 is what is not inside.
    inside.forEach((to, at) => {
      if (table !== undefined) table[(to - first) / 2] = at + 1;
    });
    const address = table === undefined ? undefined : context.keep(table);
    if (address === undefined) {
      for (const to of inside) b.if(i64.eq(target, to), () => go(to));
      return;
    }
    b.block((elsewhere) => {
      const offset = b.let(i64.sub(target, first));
      b.brIf(elsewhere, i64.ge_u(offset, bytes), false);
      const labels: Label[] = [elsewhere];
      const nest = (open: number): void => {
        const to = inside[open - 1];
        if (to === undefined) {
          b.brTable(i32.load8_u(i32.shr_u(i32.wrap_i64(offset), 1), address), labels, elsewhere);
          return;
        }
        b.block((here) => {
          labels[open] = here;
          nest(open - 1);
        });
        go(to);
      };
      nest(inside.length);
    });
  }

  function targetOf(flow: Flow | undefined): Variable<"i64"> {
    if (flow?.kind !== "indirect") throw new Error("an indirect jump without a target");
    return b.let(flow.target);
  }

  /** What is known at the end of the only node that leads to the next one. */
  let inherited: Knowledge | undefined;

  function terminate(node: OrderedNode, flow: Flow | undefined, goInside: (to: number) => void): void {
    const { terminator } = node;
    const { dirty } = state;
    const known = isCall(terminator) ? undefined : state.knowledge();
    // What is written down for one way has its own state in the end.
    const go = (to: number): void => {
      state.begin(dirty);
      if (!node.inside.has(to)) {
        leaveTo(to);
        return;
      }
      inherited = known;
      goInside(to);
      inherited = undefined;
    };
    switch (terminator.kind) {
      case "fall":
        go(terminator.next);
        break;
      case "jump":
        go(terminator.target);
        break;
      case "branch": {
        if (flow?.kind !== "branch") throw new Error("a branch without a condition");
        if (terminator.taken !== terminator.next) b.if(flow.condition, () => go(terminator.taken));
        go(terminator.next);
        break;
      }
      case "call": {
        const { target, next } = terminator;
        store();
        if (!node.inside.has(next)) {
          b.returnCallIndirect(REGION, context.slotOf(target), target, depth);
          break;
        }
        b.rarely(i32.eqz(depth), () => b.return(i32.const(target)));
        const deeper = i32.sub(depth, 1);
        const itself = target === region.head;
        const result = itself
          ? b.call(own, target, deeper)
          : b.callIndirect(REGION, context.slotOf(target), target, deeper);
        returned(result, next, go);
        break;
      }
      case "call-indirect": {
        const target = targetOf(flow);
        const to = i32.wrap_i64(target);
        store();
        const slot = slotAt(target);
        if (!node.inside.has(terminator.next)) {
          b.returnCallIndirect(REGION, slot, to, depth);
          break;
        }
        b.rarely(i32.eqz(depth), () => b.return(to));
        returned(b.callIndirect(REGION, slot, to, i32.sub(depth, 1)), terminator.next, go);
        break;
      }
      case "return": {
        const target = targetOf(flow);
        store();
        b.rarely(i64.ge_u(target, GUEST_END), () => lookUp(target));
        b.return(i32.wrap_i64(target));
        break;
      }
      case "computed": {
        const target = targetOf(flow);
        goComputed(target, [...node.inside], go);
        state.begin(dirty);
        store();
        b.returnCallIndirect(REGION, slotAt(target), i32.wrap_i64(target), depth);
        break;
      }
      case "trap":
        break;
    }
  }

  writeStructured(b, order, {
    loopHead(node) {
      state.begin(allocationOf(node).dirty);
      b.rarely(i64.lt_s(state.fuel, bound), () => state.toPc(node.pc));
    },
    node(node, go) {
      const { steps, dirty, live, reload } = allocationOf(node);
      state.begin(dirty, node.isLoop || node.isMerge ? undefined : inherited);
      inherited = undefined;
      b.set(state.fuel, i64.sub(state.fuel, node.block.insns));
      b.scope(() => {
        probes.makeRoom(steps, live);
        const none = {};
        let flow: Flow | undefined;
        const accesses = groupAccesses(steps.all);
        const last = steps.groups.length - 1;
        steps.groups.forEach(({ before, instruction, after }, at) => {
          const write = (): void => {
            for (const step of before) probes.probe(step, none, reload.get(step) ?? NOTHING);
            // Instructions that end a block do so before they are over: what is pending is added before them.
            if (at === last) state.settle();
            const done = emitter.instruction(instruction, accesses);
            flow = done.flow;
            for (const step of after) probes.probe(step, done.traced, reload.get(step) ?? NOTHING);
          };
          if (at === last) write();
          else b.scope(write);
        });
        state.settle();
        terminate(node, flow, go);
      });
    },
  });
  body.push(...state.exits.around(b.statements));
  return own;
}

/** Whether there is floating-point arithmetic. */
function rounds({ nodes }: Allocation): boolean {
  return nodes.some(({ steps }) =>
    steps.groups.some(({ instruction }) => {
      const extension = instruction.decoded?.instruction.extension;
      return extension === "F" || extension === "D";
    }),
  );
}
