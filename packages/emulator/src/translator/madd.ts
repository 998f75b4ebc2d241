import { f32, f64 } from "../wasm/expr.js";
import { func } from "../wasm/func.js";
import { encodeModule } from "../wasm/module.js";

const double = func("double", ["f64", "f64", "f64"], "f64", (b, [x, y, z]) => {
  b.return(f64.relaxed_madd(x, y, z));
});
const single = func("single", ["f32", "f32", "f32"], "f32", (b, [x, y, z]) => {
  b.return(f32.relaxed_madd(x, y, z));
});

/** (1 + e) (1 + e) - (1 + 2 e), which is e * e if the sum is rounded once, and 0 if the product is rounded before. */
function fusesAt(madd: unknown, e: number): boolean {
  return typeof madd === "function" && madd(1 + e, 1 + e, -(1 + 2 * e)) === e * e;
}

let known: boolean | undefined;

/** Whether the engine has `relaxed_madd`, and rounds but once. Found out once a process. */
export function maddFuses(): boolean {
  if (known !== undefined) return known;
  const bytes = encodeModule({ exports: { double, single } });
  known = false;
  if (WebAssembly.validate(bytes)) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    known = fusesAt(exports.double, 2 ** -40) && fusesAt(exports.single, 2 ** -18);
  }
  return known;
}
