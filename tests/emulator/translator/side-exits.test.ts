import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOST_EXIT } from "../../../packages/emulator/src/interpreter/region-call.js";
import { EXIT_CAUSE, EXIT_OPERATION, FUEL } from "../../../packages/emulator/src/memory/layout.js";
import { bitsOf, NOTHING, only } from "../../../packages/emulator/src/translator/resources.js";
import { createSideExits } from "../../../packages/emulator/src/translator/side-exits.js";
import { createBody, type Variable } from "../../../packages/emulator/src/wasm/body.js";
import { i32, i64 } from "../../../packages/emulator/src/wasm/expr.js";
import type {} from "../../../packages/emulator/src/wasm/webassembly.js";
import { run } from "../wasm/run.js";

/** Resources: the first ones can have amounts that are yet to be added, as counters and ends of rings do. */
const RESOURCES = 6;
const COUNTERS = 3;
const HOMES = 0x100;
/** What a variable has at first; and what its home has, which is older. */
const initial = (bit: number): number => 1000 * (bit + 1);
const OLD = 7;
const NO_EXIT = 255;

/** What a block does, one after the other. */
type Act =
  | { readonly kind: "change"; readonly resource: number }
  | { readonly kind: "later"; readonly counter: number; readonly amount: number }
  | { readonly kind: "settle" | "flush" | "begin" }
  | { readonly kind: "exit"; readonly cause: number };

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("change" as const), resource: fc.nat({ max: RESOURCES - 1 }) }),
    fc.record({
      kind: fc.constant("later" as const),
      counter: fc.nat({ max: COUNTERS - 1 }),
      amount: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({ kind: fc.constantFrom("settle" as const, "flush" as const, "begin" as const) }),
    // Without a cause, it is to a pc.
    fc.record({ kind: fc.constant("exit" as const), cause: fc.constantFrom(0, 0, 2, 7, 21) }),
  ),
  { maxLength: 40 },
);

interface Outcome {
  readonly result: number;
  readonly cause: number;
  readonly operation: number;
  readonly fuel: number;
  readonly homes: readonly number[];
}

const exitsOf = (list: readonly Act[]): number => list.filter(({ kind }) => kind === "exit").length;

/** Writes the acts down as `state.ts` does, and runs them, leaving by one of the exits. */
function execute(list: readonly Act[], leaveAt: number): Outcome {
  const b = createBody(["i32"]);
  const [which] = b.params as readonly [Variable<"i32">];
  const fuel = b.local("i64");
  const variables = Array.from({ length: RESOURCES }, () => b.local("i64"));
  const variableOf = (bit: number): Variable<"i64"> => {
    const variable = variables[bit];
    if (variable === undefined) throw new Error(`no resource ${bit}`);
    return variable;
  };
  const store = (set: bigint): void => {
    for (const bit of bitsOf(set)) b.store(0, variableOf(bit), HOMES + 8 * bit);
  };
  const exits = createSideExits(b, fuel, store);
  const add = Array.from({ length: COUNTERS }, (_, counter) => (amount: bigint): void => {
    b.set(variableOf(counter), i64.add(variableOf(counter), amount));
  });
  const pending = new Map<(amount: bigint) => void, bigint>();
  let dirty = NOTHING;
  let exit = 0;
  b.set(fuel, 5555);
  variables.forEach((variable, bit) => {
    b.set(variable, initial(bit));
  });

  const settle = (): void => {
    for (const [put, amount] of pending) put(amount);
    if (pending.size > 0) exits.restart();
    pending.clear();
  };
  for (const act of list) {
    switch (act.kind) {
      case "change":
        b.set(variableOf(act.resource), i64.add(variableOf(act.resource), 100));
        dirty |= only(act.resource);
        break;
      case "later": {
        const put = add[act.counter];
        if (put === undefined) throw new Error("no such counter");
        pending.set(put, (pending.get(put) ?? 0n) + BigInt(act.amount));
        dirty |= only(act.counter);
        break;
      }
      case "settle":
        settle();
        break;
      case "flush":
        settle();
        store(dirty);
        dirty = NOTHING;
        exits.restart();
        break;
      case "begin":
        settle();
        exits.restart();
        break;
      case "exit": {
        const number = exit++;
        b.if(i32.eq(which, number), () => {
          if (act.cause === 0) exits.toPc(0x1000 + number, dirty, pending);
          else exits.toHost(act.cause, 0x2000 + number, dirty, pending);
        });
        break;
      }
    }
  }
  settle();
  store(dirty);
  b.store(0, fuel, FUEL);
  b.return(i32.const(NO_EXIT));
  const body = exits.around(b.statements);

  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const view = new DataView(memory.buffer);
  for (let bit = 0; bit < RESOURCES; bit++) view.setBigInt64(HOMES + 8 * bit, BigInt(OLD), true);
  const func = { name: "region", params: ["i32"], result: "i32", locals: b.locals, body } as const;
  return {
    result: Number(run({ region: func }, {}, memory).region(leaveAt)),
    cause: view.getUint32(EXIT_CAUSE, true),
    operation: view.getUint32(EXIT_OPERATION, true),
    fuel: Number(view.getBigInt64(FUEL, true)),
    homes: variables.map((_, bit) => Number(view.getBigInt64(HOMES + 8 * bit, true))),
  };
}

/** What is to be in memory after leaving there: the values of that moment where they were changed, else the old ones. */
function model(list: readonly Act[], leaveAt: number): Outcome {
  const values = Array.from({ length: RESOURCES }, (_, bit) => initial(bit));
  const changed = new Set<number>();
  const homes = values.map(() => OLD);
  const storeAll = (): void => {
    for (const bit of changed) homes[bit] = values[bit] ?? 0;
    changed.clear();
  };
  const end = (result: number, cause = 0, operation = 0): Outcome => {
    storeAll();
    return { result, cause, operation, fuel: 5555, homes };
  };
  let exit = 0;
  for (const act of list) {
    if (act.kind === "exit" && exit++ === leaveAt) {
      return act.cause === 0 ? end(0x1000 + leaveAt) : end(HOST_EXIT, act.cause, 0x2000 + leaveAt);
    }
    if (act.kind === "flush") storeAll();
    const bit = act.kind === "change" ? act.resource : act.kind === "later" ? act.counter : undefined;
    if (bit === undefined) continue;
    values[bit] = (values[bit] ?? 0) + (act.kind === "later" ? act.amount : 100);
    changed.add(bit);
  }
  return end(NO_EXIT);
}

describe("side exits", () => {
  it("store what is dirty and add what is pending, once, and nothing else", () => {
    fc.assert(
      fc.property(acts, fc.nat({ max: 20 }), (list, at) => {
        const leaveAt = at % (exitsOf(list) + 1);
        expect(execute(list, leaveAt)).toEqual(model(list, leaveAt));
      }),
      { numRuns: 500 },
    );
  });

  it("share what they do: an exit for each new state, not for each place", () => {
    const b = createBody([]);
    let stores = 0;
    const exits = createSideExits(b, b.local("i64"), (set) => {
      stores += [...bitsOf(set)].length;
    });
    for (let place = 0; place < 10; place++) exits.toPc(place, 0b1110n, new Map());
    expect(stores).toBe(3);
    exits.toHost(2, 0x2000, 0b11110n, new Map());
    expect(stores).toBe(4);
    exits.restart();
    exits.toPc(3, 0b1110n, new Map());
    expect(stores).toBe(4);
  });
});
