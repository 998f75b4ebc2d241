import { setFlagsFromString } from "node:v8";

/** Has V8 compile what is run often for speed, which `bin/qpp.js` put off; more than once does no harm. */
export function turnOnOptimizer(): void {
  setFlagsFromString("--opt");
}
