import { MEMORY_PAGES } from "../memory/layout.js";
import { i32 } from "../wasm/expr.js";
import { func } from "../wasm/func.js";
import { encodeModule, reachableFrom } from "../wasm/module.js";
import type { Label } from "../wasm/statement.js";
import { createHandlerEmitter } from "./emitter.js";
import { noRegion } from "./enter.js";
import { handlers } from "./handlers.js";
import { Field } from "./operation.js";

/**
 * The interpreter: one loop around one `br_table`, a case for each handler.
 *
 * ```
 * loop $next
 *   block … block block           one a handler
 *     br_table operation.handler
 *   end  (handler 0)  br $next
 *   end  (handler 1)  br $next
 *   …
 * ```
 */
const run = func("run", ["i32"], undefined, (b, [operation]) => {
  b.loop((next) => {
    const labels: Label[] = [];
    const plain = createHandlerEmitter(b, operation, next, false);
    const traced = createHandlerEmitter(b, operation, next, true);
    const nest = (open: number): void => {
      if (open === 0) {
        const [first] = labels;
        if (first !== undefined) b.brTable(i32.load16_u(operation, Field.HANDLER), labels, first);
        return;
      }
      const number = open - 1;
      b.block((leave) => {
        labels[number] = leave;
        nest(number);
      });
      const handler = handlers[number];
      if (handler === undefined) return;
      b.scope(() => handler.emit(handler.traced ? traced : plain, operation));
    };
    nest(handlers.length);
  });
});

/**
 * The interpreter's module, generated now from the table of instructions: what sources run with, and what is built from.
 * Every function of it is exported under its name, for translated code to call.
 */
export function interpreterModule(): Uint8Array<ArrayBuffer> {
  const own = reachableFrom([run, noRegion]).filter((f) => f.from === undefined);
  const exports = Object.fromEntries(own.map((f) => [f.name, f]));
  return encodeModule({ exports, memory: { initial: MEMORY_PAGES, maximum: MEMORY_PAGES }, table: true });
}
