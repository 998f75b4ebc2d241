import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Variable } from "../../../packages/emulator/src/wasm/body.js";
import { f32, f64, i32, i64 } from "../../../packages/emulator/src/wasm/expr.js";
import { type Func, func, importFunc } from "../../../packages/emulator/src/wasm/func.js";
import { encodeModule } from "../../../packages/emulator/src/wasm/module.js";
import type { Label } from "../../../packages/emulator/src/wasm/statement.js";
import { run } from "./run.js";

describe("control flow", () => {
  it("chooses", () => {
    const { max, sign } = run({
      max: func("max", ["i32", "i32"], "i32", (b, [x, y]) => b.return(i32.select(i32.gt_s(x, y), x, y))),
      sign: func("sign", ["i32"], "i32", (b, [x]) => {
        b.if(
          i32.lt_s(x, 0),
          () => b.return(i32.const(-1)),
          () => b.if(x, () => b.return(i32.const(1))),
        );
        b.return(i32.const(0));
      }),
    });
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (x, y) => {
        expect(max(x, y)).toBe(Math.max(x, y));
        expect(sign(x)).toBe(Math.sign(x) + 0);
      }),
    );
  });

  it("loops, and leaves from the middle", () => {
    const { gcd } = run({
      gcd: func("gcd", ["i32", "i32"], "i32", (b, [x, y]) => {
        b.block((leave) => {
          b.loop((again) => {
            b.brIf(leave, i32.eqz(y));
            const rest = b.let(i32.rem_u(x, y));
            b.set(x, y);
            b.set(y, rest);
            b.br(again);
          });
        });
        b.return(x);
      }),
    });
    const euclid = (x: number, y: number): number => (y === 0 ? x : euclid(y, x % y));
    const naturals = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(fc.property(naturals, naturals, (x, y) => gcd(x, y) === euclid(x, y)));
  });

  it("branches by table, from any depth", () => {
    const cases = 5;
    const { pick } = run({
      pick: func("pick", ["i32"], "i32", (b, [x]) => {
        const nest = (labels: readonly Label[]): void => {
          if (labels.length === cases + 1) {
            const [otherwise, ...named] = labels;
            if (otherwise !== undefined) b.brTable(x, named, otherwise);
            return;
          }
          b.block((label) => nest([...labels, label]));
          // Reached by a branch to the block that just ended: the outermost stands for all other numbers.
          b.return(i32.const(labels.length === 0 ? 99 : 10 + labels.length));
        };
        nest([]);
      }),
    });
    for (let x = 0; x < cases; x++) expect(pick(x)).toBe(11 + x);
    expect(pick(cases)).toBe(99);
    expect(pick(-1)).toBe(99);
  });

  it("refuses a branch to what does not enclose it", () => {
    const stray = func("stray", [], undefined, (b) => {
      let outside: Label | undefined;
      b.block((label) => {
        outside = label;
      });
      if (outside !== undefined) b.br(outside);
    });
    expect(() => encodeModule({ exports: { stray } })).toThrow(
      "stray: a branch to a block that does not enclose it",
    );
  });
});

describe("variables", () => {
  it("are computed once by let, and reused only after their scope", () => {
    const types = new Set<number>();
    const scoped = func("scoped", ["i32"], "i32", (b, [x]) => {
      const kept = b.let(i32.add(x, 1));
      for (let i = 0; i < 4; i++) {
        b.scope(() => {
          const first: Variable<"i32"> = b.let(i32.mul(x, i));
          const second = b.let(i32.add(first, kept));
          types.add(first.index).add(second.index);
          b.set(kept, second);
        });
      }
      b.return(kept);
    });
    const { f } = run({ f: scoped });
    expect(types.size).toBe(2);
    fc.assert(fc.property(fc.integer({ min: -1000, max: 1000 }), (x) => f(x) === x + 1 + 6 * x));
  });
});

describe("calls", () => {
  it("finds the functions that are called, in each other too, and those of the host", () => {
    const told: number[] = [];
    const tell = importFunc("host", "tell", ["i32"], "i32");
    const twice = func("twice", ["i32"], "i32", (b, [x]) => b.return(i32.add(x, x)));
    const report: Func<readonly ["i32"], undefined> = func("report", ["i32"], undefined, (b, [x]) => {
      // The result is dropped.
      b.do(tell, b.call(twice, x));
    });
    const { f } = run(
      {
        f: func("f", ["i32"], "i32", (b, [x]) => {
          b.do(report, x);
          b.return(i32.sub(b.call(tell, x), 1));
        }),
      },
      { tell: (x) => told.push(x) },
    );
    expect(f(7)).toBe(1);
    expect(told).toEqual([14, 7]);
  });
});

describe("memory", () => {
  it("stores the low bits of a value and loads them with either sign", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const { narrow, wide } = run(
      {
        narrow: func("narrow", ["i32", "i64"], "i64", (b, [address, value]) => {
          b.store(address, value, 8, 16);
          b.store(address, i32.wrap_i64(value), 16, 8);
          b.store(address, value, 24, 32);
          const bytes = i64.extend_i32_s(i32.add(i32.load8_s(address, 16), i32.load8_u(address, 16)));
          const halves = i64.add(i64.load16_s(address, 8), i64.load16_u(address, 8));
          b.return(
            i64.add(i64.add(bytes, halves), i64.add(i64.load32_s(address, 24), i64.load32_u(address, 24))),
          );
        }),
        wide: func("wide", ["i32", "i64"], "i64", (b, [address, value]) => {
          b.store(address, f64.reinterpret_i64(value), 1);
          b.store(address, f32.reinterpret_i32(i32.wrap_i64(value)), 11);
          b.return(i64.xor(i64.load(address, 1), i64.extend_i32_u(i32.load(address, 11))));
        }),
      },
      {},
      memory,
    );
    const sum = (value: bigint, bits: number): bigint =>
      BigInt.asIntN(bits, value) + BigInt.asUintN(bits, value);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60000 }),
        fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
        (at, value) => {
          expect(narrow(at, value)).toBe(sum(value, 8) + sum(value, 16) + sum(value, 32));
          expect(wide(at, value)).toBe(BigInt.asIntN(64, value ^ BigInt.asUintN(32, value)));
          expect(new DataView(memory.buffer).getBigInt64(at + 1, true)).toBe(
            // The second store does not reach the first one's bytes.
            value,
          );
        },
      ),
    );
  });

  it("refuses narrow stores of floating-point numbers", () => {
    const narrow = func("narrow", ["f64"], undefined, (b, [x]) => b.store(0, x, 0, 32));
    expect(() => narrow.body).toThrow("a f64 cannot be stored in 32 bits");
  });
});

describe("a function", () => {
  it("has its body written when somebody looks at it, and once", () => {
    let written = 0;
    const answer = func("answer", [], "i32", (b) => {
      written++;
      b.return(i32.const(42));
    });
    const twice = func("twice", [], "i32", (b) => b.return(i32.add(b.call(answer), b.call(answer))));
    expect(written).toBe(0);
    expect(run({ twice }).twice()).toBe(84);
    expect(run({ twice }).twice()).toBe(84);
    expect(written).toBe(1);
  });
});
