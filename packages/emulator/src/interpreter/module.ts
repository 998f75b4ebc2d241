import { interpreterModule } from "#interpreter";

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

/** Makes an interpreter over `memory`. The module is compiled once a process. */
export function instantiateInterpreter(memory: WebAssembly.Memory, host: InterpreterHost): Run {
  compiled ??= new WebAssembly.Module(interpreterModule());
  const instance = new WebAssembly.Instance(compiled, { env: { memory, ...host } });
  return instance.exports.run as Run;
}
