import { MEMORY_PAGES } from "../memory/layout.js";
import { i32 } from "../wasm/expr.js";
import { func } from "../wasm/func.js";
import { encodeModule } from "../wasm/module.js";
import type { Label } from "../wasm/statement.js";
import { createHandlerEmitter } from "./emitter.js";
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

/** What the interpreter asks of its host. */
export interface InterpreterHost {
  /** A direct callback's event has happened. */
  event(site: number): void;
  /** The ring at this address is full. */
  drain(ring: number): void;
  /** The guest is about to store into a page with predecoded code. */
  codeWrite(address: number, bytes: number): void;
  /** Value of the counter CSR. */
  counter(csr: number): number;
}

/** Runs from the operation at this address until an exit; see `exit.ts` for what is then where. */
export type Run = (operation: number) => void;

let compiled: WebAssembly.Module | undefined;

/** Makes an interpreter over `memory`. The module is generated and compiled once a process. */
export function instantiateInterpreter(memory: WebAssembly.Memory, host: InterpreterHost): Run {
  compiled ??= new WebAssembly.Module(
    encodeModule({ exports: { run }, memory: { initial: MEMORY_PAGES, maximum: MEMORY_PAGES } }),
  );
  const instance = new WebAssembly.Instance(compiled, { env: { memory, ...host } });
  return instance.exports.run as Run;
}
