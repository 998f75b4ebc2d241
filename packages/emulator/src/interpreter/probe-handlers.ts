import type { Condition } from "../contract/lanes.js";
import {
  EXIT_OPERATION,
  PC,
  TRACE_ADDRESS,
  TRACE_LOADED_VALUE,
  TRACE_STORED,
  TRACE_STORED_VALUE,
  VCPU_CELLS,
} from "../memory/layout.js";
import type { Body, Variable } from "../wasm/body.js";
import { type I32, i32, i64 } from "../wasm/expr.js";
import { type Func, importFunc } from "../wasm/func.js";
import type { HandlerEmitter } from "./emitter.js";
import { Field, LONG_OPERATION_SIZE, OPERATION_SIZE, ProbeField, Ring } from "./operation.js";

/** Host function: the event of this site has happened. `PC` and `EXIT_OPERATION` are set. */
export const event: Func<readonly ["i32"], undefined> = importFunc("env", "event", ["i32"], undefined);
/** Host function: the ring at this address is full. */
export const drain: Func<readonly ["i32"], undefined> = importFunc("env", "drain", ["i32"], undefined);

/** Handler of an instrumentation operation. */
export interface ProbeHandler {
  readonly size: number;
  emit(e: HandlerEmitter, operation: Variable<"i32">): void;
}

/** Conditions that need code: `always` is a plain call, `never` none at all. */
export type TestedCondition = Exclude<Condition, "never" | "always">;

/** Names of all instrumentation operations. */
export type ProbeName =
  | "count"
  | "add"
  | "store"
  | "call"
  | `call-${TestedCondition}`
  | "batch"
  | "batch-address"
  | "batch-load"
  | "batch-store"
  | "unless-stored";

/** Address of the cell at this offset, for the vCPU that is running. */
const cell = (offset: I32): I32 => i32.add(i32.load(0, VCPU_CELLS), offset);

/** Leaves everything as a callback may look at it, and as the host resumes from if the callback throws. */
function exposeState(b: Body, operation: Variable<"i32">): void {
  b.store(0, i64.load32_u(operation, Field.PC), PC);
  b.store(0, operation, EXIT_OPERATION);
}

/** How each condition compares an entry with a value. */
export const COMPARE: Readonly<Record<TestedCondition, typeof i64.eq>> = {
  eq: i64.eq,
  ne: i64.ne,
  lt: i64.lt_u,
  le: i64.le_u,
  gt: i64.gt_u,
  ge: i64.ge_u,
};

function conditional(condition: TestedCondition): ProbeHandler {
  return {
    size: LONG_OPERATION_SIZE,
    emit(e, operation) {
      const value = i64.load(cell(i32.load(operation, ProbeField.FIRST)));
      e.if(COMPARE[condition](value, i64.load(operation, ProbeField.VALUE)), () => {
        exposeState(e, operation);
        e.do(event, i32.load(operation, Field.IMM));
      });
    },
  };
}

/** Writes one event into a ring. */
function batch(columns: (operation: Variable<"i32">) => readonly I32[]): ProbeHandler {
  return {
    size: LONG_OPERATION_SIZE,
    emit(e, operation) {
      const ring = e.let(i32.load(operation, Field.IMM));
      const end = e.let(i32.load(ring, Ring.END));
      const [first, ...others] = columns(operation);
      if (first === undefined) return;
      e.store(end, first);
      if (others.length > 0) {
        const stride = e.let(i32.load(ring, Ring.STRIDE));
        const at = e.let(end);
        for (const column of others) {
          e.set(at, i32.add(at, stride));
          e.store(at, column);
        }
      }
      e.set(end, i32.add(end, 4));
      e.store(ring, end, Ring.END);
      e.if(i32.eq(end, i32.load(ring, Ring.LIMIT)), () => {
        exposeState(e, operation);
        e.do(drain, ring);
      });
    },
  };
}

function accessBatch(value: number): ProbeHandler {
  return batch((operation) => [
    i32.load(0, TRACE_ADDRESS),
    i32.load(0, value),
    i32.load(0, value + 4),
    i32.load(operation, ProbeField.FIRST),
  ]);
}

/** What each instrumentation operation does. */
export const PROBE_HANDLERS: Readonly<Record<ProbeName, ProbeHandler>> = {
  count: {
    size: OPERATION_SIZE,
    emit(e, operation) {
      const at = e.let(cell(i32.load(operation, Field.IMM)));
      e.store(at, i64.add(i64.load(at), 1));
    },
  },
  add: {
    size: LONG_OPERATION_SIZE,
    emit(e, operation) {
      const at = e.let(cell(i32.load(operation, Field.IMM)));
      e.store(at, i64.add(i64.load(at), i64.load(operation, ProbeField.VALUE)));
    },
  },
  store: {
    size: LONG_OPERATION_SIZE,
    emit(e, operation) {
      e.store(cell(i32.load(operation, Field.IMM)), i64.load(operation, ProbeField.VALUE));
    },
  },
  call: {
    size: OPERATION_SIZE,
    emit(e, operation) {
      exposeState(e, operation);
      e.do(event, i32.load(operation, Field.IMM));
    },
  },
  "call-eq": conditional("eq"),
  "call-ne": conditional("ne"),
  "call-lt": conditional("lt"),
  "call-le": conditional("le"),
  "call-gt": conditional("gt"),
  "call-ge": conditional("ge"),
  batch: batch((operation) => [i32.load(operation, ProbeField.FIRST)]),
  "batch-address": batch((operation) => [i32.load(operation, ProbeField.FIRST), i32.load(0, TRACE_ADDRESS)]),
  "batch-load": accessBatch(TRACE_LOADED_VALUE),
  "batch-store": accessBatch(TRACE_STORED_VALUE),
  "unless-stored": {
    size: OPERATION_SIZE,
    emit(e, operation) {
      e.if(i32.eqz(i32.load(0, TRACE_STORED)), () => {
        e.set(operation, i32.add(operation, i32.load(operation, Field.IMM)));
      });
    },
  },
};
