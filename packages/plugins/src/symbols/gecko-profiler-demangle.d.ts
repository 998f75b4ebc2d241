/** The package's functions without its way of loading WebAssembly, which is a bundler's. */
declare module "gecko-profiler-demangle/index_bg.js" {
  /** Gives the functions what the module exports. */
  export function __wbg_set_wasm(exports: object): void;
  /** The demangled name, or the name itself. */
  export function demangle_any(name: string): string;
}
