import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { callback, contract, type Imports, type OwnedCallback, plugin } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { beforeEach, expect, test } from "vitest";

const hot = contract("hot", {
  callbacks: {
    on: callback<[pc: number, size: number]>(),
    veto: callback<[pc: number, size: number], boolean>({ combine: "any" }),
    weight: callback<[pc: number, size: number], number>({ combine: "sum" }),
  },
});

let own: {
  readonly on: OwnedCallback<[number, number]>;
  readonly veto: OwnedCallback<[number, number], boolean, boolean>;
  readonly weight: OwnedCallback<[number, number], number, number>;
};
let imports: Imports<typeof hot>;
const seen = new Int32Array(64);

beforeEach(async () => {
  const { load } = createTestContainer();
  await load(
    plugin(hot, {
      install({ callbacks }) {
        own = callbacks;
      },
    }),
    plugin("user", {
      requires: { hot },
      install(context) {
        imports = context.hot;
      },
    }),
  );
});

const EVENTS = 10_000_000;
// So small that even at some dozen bytes an event a chunk fits into the young generation: a collection within a chunk would
// hide what was allocated.
const CHUNK = 50_000;

/** Bytes allocated per call of `event`, over ten million calls, after a warm-up. */
function bytesPerEvent(event: (i: number) => void): number {
  const chunk = (): void => {
    for (let i = 0; i < CHUNK; i++) event(i);
  };
  for (let i = 0; i < 40; i++) chunk();
  let bytes = 0;
  for (let done = 0; done < EVENTS; done += CHUNK) {
    const before = process.memoryUsage().heapUsed;
    chunk();
    const grown = process.memoryUsage().heapUsed - before;
    if (grown > 0) bytes += grown;
  }
  return bytes / EVENTS;
}

// Asking for the heap's size allocates a little itself; the smallest object would be 12 bytes an event.
const NOTHING = 1;

test("the meter sees what is allocated: a tuple an event that an Rx subscriber keeps", () => {
  const kept: (readonly number[] | undefined)[] = [undefined];
  imports.on.subscribe((args) => {
    kept[0] = args;
  });
  expect(bytesPerEvent((i) => own.on.run(i, 4))).toBeGreaterThan(12);
  expect(kept[0]).toEqual([CHUNK - 1, 4]);
});

for (const count of [0, 1, 4, 64]) {
  test(`a run with ${count} direct listeners allocates nothing`, () => {
    for (let i = 0; i < count; i++) {
      imports.on.register((pc, size) => {
        seen[i] = pc + size;
      });
    }
    expect(bytesPerEvent((i) => own.on.run(i, 4))).toBeLessThan(NOTHING);
    expect(seen.subarray(0, count).every((last) => last === CHUNK - 1 + 4)).toBe(true);
  });
}

test("a run with results allocates nothing", () => {
  for (let i = 0; i < 4; i++) {
    imports.veto.register((pc) => pc === i);
    imports.weight.register((pc, size) => (pc + size) & 255);
  }
  let vetoed = 0;
  let weight = 0;
  const bytes = bytesPerEvent((i) => {
    if (own.veto.run(i, 4)) vetoed++;
    weight = own.weight.run(i, 4);
  });
  expect(bytes).toBeLessThan(NOTHING);
  expect(vetoed).toBe(4 * (40 + EVENTS / CHUNK));
  expect(weight).toBe(4 * ((CHUNK - 1 + 4) & 255));
});

test("nor does it after listeners have come and gone", () => {
  imports.on.register((pc) => {
    seen[1] = pc;
  });
  for (let round = 0; round < 3; round++) {
    const subscription = imports.on.register((pc) => {
      seen[2] = pc;
    });
    for (let i = 0; i < 100; i++) own.on.run(i, 4);
    subscription.unsubscribe();
    for (let i = 0; i < 100; i++) own.on.run(i, 4);
  }
  expect(bytesPerEvent((i) => own.on.run(i, 4))).toBeLessThan(NOTHING);
});

test("what has been taken back is forgotten", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const churn = (times: number): number => {
    for (let i = 0; i < times; i++) {
      imports.on.register(() => {}).unsubscribe();
      imports.on.subscribe(() => {}).unsubscribe();
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = churn(1_000);
  const bytesEach = (churn(50_000) - before) / 50_000;
  expect(bytesEach).toBeLessThan(10);
});
