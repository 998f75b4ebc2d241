import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as glue from "gecko-profiler-demangle/index_bg.js";

/** Itanium C++ names and Rust's legacy ones, and Rust's v0 names. */
const MANGLED = /^_(Z|R)/;

let loaded = false;

/** Whether a name is one that {@link demangle} changes, as far as its beginning tells. */
export const isMangled = (linkageName: string): boolean => MANGLED.test(linkageName);

/**
 * A C++ or Rust name as its programmer knows it; any other name as it is. What a compiler has split off keeps its mark:
 * `_Z3fooi.cold` is `foo(int) [clone .cold]`.
 */
export function demangle(linkageName: string): string {
  if (!isMangled(linkageName)) return linkageName;
  if (!loaded) load();
  return glue.demangle_any(linkageName);
}

/** What is used of the WebAssembly JavaScript interface, which TypeScript declares only with a browser's whole DOM. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** Loads the demangler with Node's means, not a bundler's: 5 ms, spent by who needs it. */
function load(): void {
  const path = createRequire(import.meta.url).resolve("gecko-profiler-demangle/index_bg.wasm");
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface })
    .WebAssembly;
  const { exports } = new Instance(new Module(readFileSync(path)), { "./index_bg.js": glue });
  glue.__wbg_set_wasm(exports);
  const { __wbindgen_start: start } = exports;
  if (typeof start === "function") start();
  loaded = true;
}
