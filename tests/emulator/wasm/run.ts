import type { AnyFunc } from "../../../packages/emulator/src/wasm/encode.js";
import { encodeModule } from "../../../packages/emulator/src/wasm/module.js";
import type {} from "../../../packages/emulator/src/wasm/webassembly.js";

/** A function of an instance, with i64 values as bigints. */
export type Exported = (...args: (bigint | number)[]) => bigint | number;

/** Encodes functions into a module and gives them as JavaScript sees them. */
export function run<const Name extends string>(
  functions: Readonly<Record<Name, AnyFunc>>,
  imports: Readonly<Record<string, (...args: number[]) => number>> = {},
  memory: WebAssembly.Memory | undefined = undefined,
): Readonly<Record<Name, Exported>> {
  const bytes = encodeModule({
    exports: functions,
    ...(memory === undefined ? {} : { memory: { initial: 1, maximum: 1 } }),
  });
  const env = memory === undefined ? {} : { memory };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: imports, env });
  return exports as unknown as Readonly<Record<Name, Exported>>;
}
