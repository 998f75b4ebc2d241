import { setFlagsFromString } from "node:v8";

/**
 * Has an engine of Node 20 offer the relaxed SIMD instructions, whose fused multiply-add makes floating-point guests more
 * than twice as fast: it has them behind a flag, and later ones have them without (V8 11.4). Whether they are there,
 * and round as they must, is found out where they are used; nothing depends on this.
 */
export function offerRelaxedSimd(): void {
  if (process.versions.v8.startsWith("11.3.")) setFlagsFromString("--experimental-wasm-relaxed-simd");
}
