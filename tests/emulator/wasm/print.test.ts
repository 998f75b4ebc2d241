import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { double } from "../../../packages/emulator/src/softfloat/double.js";
import { single } from "../../../packages/emulator/src/softfloat/single.js";
import { createBody } from "../../../packages/emulator/src/wasm/body.js";
import type { AnyFunc } from "../../../packages/emulator/src/wasm/encode.js";
import { f32, f64, i32, i64 } from "../../../packages/emulator/src/wasm/expr.js";
import { func, importFunc } from "../../../packages/emulator/src/wasm/func.js";
import { encodeModule, type ModuleParts } from "../../../packages/emulator/src/wasm/module.js";
import { printFunction, printModule } from "../../../packages/emulator/src/wasm/print.js";
import { peer } from "../../peers.js";
import { assembleText, plainText } from "./wabt.js";

const parts = (...functions: readonly AnyFunc[]): ModuleParts => ({
  exports: Object.fromEntries(functions.map((f) => [f.name, f])),
  memory: { initial: 1, maximum: 2 },
  table: true,
});

const tell = importFunc("host", "tell", ["i32"], undefined);
const ask = importFunc("host", "ask", [], "f64");
const helper = func("helper", ["i64"], "i64", (b, [x]) => b.return(i64.add(x, 1)));
const everything = func("everything", ["i32", "i64"], "i32", (b, [x, y]) => {
  const single = b.local("f32");
  b.set(single, f32.demote_f64(b.call(ask)));
  b.do(tell, i32.select(x, 1, i32.const(0xc000_0000)));
  b.do(helper, i64.const(-(2n ** 63n)));
  b.block((leave) => {
    b.loop((again) => {
      b.brIf(leave, i32.eqz(x));
      b.set(x, i32.sub(x, 1));
      b.if(
        i32.load8_s(x, 0xffff_fff0),
        () => b.br(again),
        () => {
          b.store(x, y, 8, 32);
          b.store(x, single);
        },
      );
      b.brTable(x, [leave, again], leave);
    });
  });
  const like = { params: ["i32"], result: "i32" } as const;
  b.if(i64.eq(b.call(helper, y), 3), () => b.returnCallIndirect(like, 7, b.callIndirect(like, x, 2)));
  b.if(x, () => b.loop(() => b.unreachable()));
  b.store(0, f64.const(-0));
  b.return(i32.trunc_sat_f64_s(f64.const(Number.NEGATIVE_INFINITY)));
});

describe("a function's text", () => {
  it("is folded, with names and short lines", () => {
    const b = createBody(["i32"]);
    const [x] = b.params;
    if (x === undefined) throw new Error("no parameter");
    b.name(x, "x");
    const value = b.local("i64");
    b.name(value, "x");
    b.block(() => {
      b.block((leave) => {
        b.brIf(leave, i32.load(0, 0x430));
        b.set(value, 256);
      });
      b.store(0, i32.const(-1), 4);
    });
    const f = {
      name: "small",
      params: ["i32"],
      result: undefined,
      locals: b.locals,
      names: b.names,
    } as const;
    expect(printFunction({ ...f, body: b.statements })).toBe(`\
(func $small (param $x i32)
  (local $x.1 i64)
  (block $block0 (block $block1
    (br_if $block1 (i32.load offset=0x430 (i32.const 0)))
    (local.set $x.1 (i64.const 0x100))
  ) ;; block $block1
    (i32.store offset=4 (i32.const 0) (i32.const -1))
  ) ;; block $block0
) ;; func $small
`);
  });

  it("breaks lines that are too long, but keeps conditions with their if", () => {
    const sum = (depth: number): ReturnType<typeof i32.add> =>
      depth === 0 ? i32.const(255) : i32.add(sum(depth - 1), sum(depth - 1));
    const long = func("long", [], undefined, (b) => {
      b.if(i32.const(1), () => {
        b.do(tell, sum(3));
        b.do(tell, 1);
      });
    });
    expect(printFunction(long)).toMatch(
      /\n {2}\(if \(i32\.const 1\)\n {4}\(then\n {6}\(call \$tell\n {8}\(i32\.add\n/,
    );
    for (const line of printFunction(long).split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  });
});

describe.skipIf(!peer("wat2wasm"))("a module's text (needs wat2wasm)", () => {
  const assembled = (module: ModuleParts): void => {
    expect(plainText(assembleText(printModule(module)))).toBe(plainText(encodeModule(module)));
  };

  it("is assembled to what the encoder makes, whatever is in it", () => assembled(parts(everything)));

  it("is so without anything", () => assembled({ exports: {} }));

  it("is so for all of floating point", () => assembled(parts(double.fma, single.sqrt, double.div)));

  it("leaves out the bodies of functions that are elsewhere", () => {
    const module: ModuleParts = { ...parts(everything), shared: (f) => f === helper };
    expect(printModule(module)).toContain(
      '(import "shared" "helper" (func $helper (param i64) (result i64)))',
    );
    assembled(module);
  });

  it("has every constant as it is", () => {
    const stores = fc.array(
      fc.oneof(
        fc.integer().map((v) => i32.const(v)),
        fc.nat({ max: 0xffff_ffff }).map((v) => i32.const(v)),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((v) => i64.const(v)),
        fc.double().map((v) => f64.const(v)),
        fc.double().map((v) => f32.const(v)),
      ),
      { minLength: 100, maxLength: 200 },
    );
    fc.assert(
      fc.property(stores, (values) => {
        const constants = func("constants", [], undefined, (b) => {
          for (const value of values) b.store(0, value);
        });
        assembled(parts(constants));
      }),
      { numRuns: 10 },
    );
  });
});
