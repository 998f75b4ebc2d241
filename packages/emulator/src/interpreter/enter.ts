import {
  BLOCK_DIRECTORY,
  EXIT_CAUSE,
  EXIT_OPERATION,
  FUEL,
  GUEST_END,
  PAGE_SHIFT,
  PC,
} from "../memory/layout.js";
import type { Body, Variable } from "../wasm/body.js";
import { type I32, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { Exit } from "./exit.js";
import { Demand, EntryField, Field, OPERATION_SIZE } from "./operation.js";
import { DEEPEST, HOST_EXIT, REGION } from "./region-call.js";

/** First operation of the block at this pc, a number below the guest's end; `miss` must leave. */
export function findBlock(b: Body, pc: Variable<"i32">, miss: () => void): I32 {
  const page = b.let(i32.load(i32.shl(i32.shr_u(pc, PAGE_SHIFT), 2), BLOCK_DIRECTORY));
  b.if(i32.eqz(page), miss);
  const found = b.let(i32.load(i32.add(page, i32.shl(i32.and(pc, 0xffe), 1))));
  b.if(i32.eqz(found), miss);
  return found;
}

/**
 * Enters the block that begins with the operation `first`, whose demand the fuel does not meet: counts its execution, or
 * runs its region, and whatever blocks come after it until one is the interpreter's. Gives that one's first operation
 * to execute; 0 if the interpreter has to come back, with the reason where the host looks for it.
 */
export const enterSlowly: Func<readonly ["i32"], "i32"> = func(
  "enterSlowly",
  ["i32"],
  "i32",
  (b, [first]) => {
    const leave = (cause: number): void => {
      b.store(0, i32.const(cause), EXIT_CAUSE);
      b.store(0, first, EXIT_OPERATION);
      b.return(i32.const(0));
    };
    b.loop((again) => {
      const insns = b.let(i64.load16_u(first, EntryField.INSNS));
      b.if(i64.lt_s(i64.load(0, FUEL), insns), () => leave(Exit.FUEL));
      const demand = b.let(i32.load(first, EntryField.DEMAND));
      const starts = i64.ge_s(i64.load(0, FUEL), i64.load16_u(first, EntryField.REGION_FUEL));
      b.if(i32.and(i32.eq(demand, Demand.REGION), starts), () => {
        const slot = i32.load16_u(first, EntryField.SLOT);
        const pc = b.let(b.callIndirect(REGION, slot, i32.load(first, Field.PC), DEEPEST));
        b.if(i32.eq(pc, HOST_EXIT), () => b.return(i32.const(0)));
        const miss = (): void => {
          b.store(0, i64.extend_i32_u(pc), PC);
          leave(Exit.LOOKUP);
        };
        b.if(i32.ge_u(pc, GUEST_END), miss);
        b.set(first, findBlock(b, pc, miss));
        b.br(again);
      });
      b.if(i32.eq(demand, Demand.COUNTED), () => {
        const left = b.let(i32.sub(i32.load(first, EntryField.COUNTDOWN), 1));
        b.store(first, left, EntryField.COUNTDOWN);
        b.if(i32.eqz(left), () => leave(Exit.HOT));
      });
      b.store(0, i64.sub(i64.load(0, FUEL), insns), FUEL);
      b.return(i32.add(first, OPERATION_SIZE));
    });
  },
);

/** What is in a slot whose region is not there (yet): goes on at its pc, in the interpreter. */
export const noRegion: Func<readonly ["i32", "i32"], "i32"> = func(
  "noRegion",
  ["i32", "i32"],
  "i32",
  (b, [pc]) => b.return(pc),
);
