import { setFlagsFromString } from "node:v8";
import { interpreterModule } from "#interpreter";
import { NO_REGION } from "./region-call.js";

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

/** An instance of the interpreter's module. */
export interface Interpreter {
  readonly run: Run;
  /** What regions are called through. */
  readonly table: WebAssembly.Table;
  /** All functions of the module by name, for translated code to import. */
  readonly functions: WebAssembly.Instance["exports"];
}

/**
 * V8 compiles a function for speed when it has jumped back over so many bytes of code (`--wasm-tiering-budget`, 1.8 million in
 * Node 20). In the interpreter that would be after a hundred operations, and even a short run would wait at its end for a
 * compilation that keeps a core busy for 50 ms. With this it is after some ten thousand: a millisecond.
 */
const TIERING_BUDGET = 1 << 28;
const USUAL_TIERING_BUDGET = 1_800_000;

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  try {
    return new WebAssembly.Module(interpreterModule());
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${USUAL_TIERING_BUDGET}`);
  }
}

/** Makes an interpreter over `memory`. The module is compiled once a process. */
export function instantiateInterpreter(memory: WebAssembly.Memory, host: InterpreterHost): Interpreter {
  compiled ??= compile();
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, table, ...host } });
  table.set(NO_REGION, exports.noRegion);
  return { run: exports.run as Run, table, functions: exports };
}
