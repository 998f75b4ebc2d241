import type { Observable } from "rxjs";
import { Hub } from "../callback/hub.js";
import { ownerView } from "../callback/views.js";
import { ConsumerScope, isThenable } from "../consumer.js";
import type { BaseContext } from "../context.js";
import type { CallbackSpecs, Contract } from "../contract.js";
import { describeCause, InstallError, MissingFunctionError } from "../errors.js";
import type { Circumstances, Fault } from "../fault.js";
import type { AnyFunction } from "../fn.js";
import { guardedFunction, importsFor, type Provider } from "../imports.js";
import type { Plugin } from "../plugin.js";
import { attributed } from "../rx/attributed.js";
import type { Host } from "./container.js";
import { createPluginFiles, type PluginFiles } from "./plugin-files.js";
import { createPluginTables, type PluginTables } from "./plugin-tables.js";

/**
 * What a plugin has to show for itself: its result; or the first fault that was attributed to it, or took it down along with
 * what it required; or both, when there is a result that may be incomplete.
 */
export interface Outcome {
  readonly result?: unknown;
  readonly fault?: Fault;
}

/** One loaded plugin, from its installation to its end. */
export class Installation implements Provider {
  readonly name: string;
  /** Counts the installations of a container. */
  readonly serial: number;
  readonly plugin: Plugin;
  readonly contract: Contract;
  readonly scope: ConsumerScope;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly functions: Map<string, AnyFunction> = new Map();
  readonly values: Map<string, unknown> = new Map();
  /** Those that cannot be there without it. */
  readonly dependents: Set<Installation> = new Set();
  state: "installing" | "installed" | "leaving" | "gone" = "installing";
  /** The first fault attributed to it. */
  fault: Fault | undefined;

  readonly #requirements: readonly Installation[];
  readonly #files: PluginFiles;
  readonly #tables: PluginTables;
  #report: (() => unknown) | undefined;
  #summary: (() => string | undefined) | undefined;
  #lastOutcome: Outcome | undefined;
  #lastSummary: string | undefined;

  constructor(
    plugin: Plugin,
    serial: number,
    requirements: readonly Installation[],
    onFault: (from: Installation, fault: Fault) => void,
    circumstances: (of: Installation) => Circumstances,
    host: Pick<Host, "openFile" | "openTable">,
  ) {
    this.name = plugin.name;
    this.serial = serial;
    this.plugin = plugin;
    this.contract = plugin.contract;
    this.#requirements = requirements;
    this.scope = new ConsumerScope(
      plugin.name,
      (fault) => {
        this.fault ??= fault;
        onFault(this, fault);
      },
      () => circumstances(this),
    );
    this.#files = createPluginFiles(this.scope, host.openFile);
    this.#tables = createPluginTables(this.scope, host.openTable);
    const specs = Object.entries(plugin.contract.callbacks);
    this.hubs = new Map(specs.map(([name, spec]) => [name, new Hub(plugin.name, name, spec)]));
    for (const requirement of requirements) requirement.dependents.add(this);
  }

  get gone(): boolean {
    return this.state === "gone";
  }

  /**
   * Runs the plugin's `install`.
   *
   * @param lookUp finds a loaded plugin by name
   * @throws QppError saying why it failed; the caller closes the installation
   */
  install(
    args: unknown,
    lookUp: (name: string) => Provider | undefined,
    log: (...values: unknown[]) => void,
  ): void {
    const context = this.#context(args, log);
    for (const [key, { name }] of [
      ...Object.entries(this.plugin.requires),
      ...Object.entries(this.plugin.optional),
    ]) {
      const provider = lookUp(name);
      const value = provider && importsFor(provider, this.scope);
      Object.defineProperty(context, key, { value, enumerable: true });
    }
    let exports: unknown;
    try {
      exports = this.plugin.install(context as never);
    } catch (cause) {
      throw new InstallError(this.name, describeCause(cause), cause);
    }
    if (isThenable(exports)) {
      this.scope.watch(exports, "install");
      throw new InstallError(
        this.name,
        "its install returned a promise; install is synchronous: do slow work later",
      );
    }
    if (this.state !== "installing") {
      const reason = this.fault?.message ?? "it was uninstalled before its install returned";
      throw new InstallError(this.name, reason, this.fault?.cause);
    }
    this.#takeExports(exports);
    this.state = "installed";
  }

  /** Its result, and the fault that may have spoiled it; undefined if it has neither. */
  outcome(): Outcome | undefined {
    if (this.state !== "installed") return this.#lastOutcome;
    const outcome = this.#askReport();
    // A report that throws may have had the plugin uninstalled.
    return this.gone ? this.#lastOutcome : outcome;
  }

  /** Its text for people, if it has one. */
  summary(): string | undefined {
    return this.state === "installed" ? this.#askSummary() : this.#lastSummary;
  }

  /** Writes its files and its tables; see {@link PluginFiles.finish} and {@link PluginTables.finish}. */
  finishFiles(): void {
    if (this.state === "installed") this.#files.finish();
    // Files that are a fault may have had the plugin uninstalled, its tables filled.
    if (this.state === "installed") this.#tables.finish();
  }

  /**
   * Ends it: keeps what it has to show, takes back all it did, completes its callbacks. Does nothing the second time.
   *
   * @param reason the fault that brought this about, its own or that of a requirement
   */
  close(reason: Fault | undefined): void {
    if (this.state !== "installing" && this.state !== "installed") return;
    const wasInstalled = this.state === "installed";
    this.state = "leaving";
    this.fault ??= reason;
    if (wasInstalled) {
      this.#lastOutcome = this.#askReport();
      this.#lastSummary = this.#askSummary();
      this.#files.finish();
      this.#tables.finish();
    }
    this.scope.close();
    for (const hub of this.hubs.values()) hub.complete();
    for (const requirement of this.#requirements) requirement.dependents.delete(this);
    this.state = "gone";
  }

  #askReport(): Outcome | undefined {
    let result: Outcome = {};
    try {
      if (this.#report) result = { result: this.#report() };
    } catch (cause) {
      // Forgotten first: if this fault has the plugin uninstalled, it must not be asked again.
      this.#report = undefined;
      this.scope.fault("report", cause);
    }
    const { fault } = this;
    if (fault) return { ...result, fault };
    return this.#report && result;
  }

  #askSummary(): string | undefined {
    try {
      return this.#summary?.();
    } catch (cause) {
      this.#summary = undefined;
      this.scope.fault("summary", cause);
      return undefined;
    }
  }

  #context(args: unknown, log: (...values: unknown[]) => void): BaseContext<CallbackSpecs, unknown> {
    const { scope, name } = this;
    const callbacks = [...this.hubs].map(([entry, hub]) => [entry, ownerView(hub, scope)]);
    return {
      name,
      callbacks: Object.fromEntries(callbacks),
      args,
      get disposed() {
        return scope.gone;
      },
      log,
      report: (result) => {
        this.#report = result;
      },
      summary: (text) => {
        this.#summary = text;
      },
      save: this.#files.save,
      open: this.#files.open,
      saveTable: this.#tables.saveTable,
      openTable: this.#tables.openTable,
      onDispose: (dispose) => {
        scope.add(dispose);
      },
      adopt: <T>(stream: Observable<T>) =>
        attributed(stream, { consumer: scope, where: "stream", callback: undefined }) as Observable<T>,
    };
  }

  #takeExports(exports: unknown): void {
    const { contract, name } = this;
    const returned = new Map(typeof exports === "object" && exports !== null ? Object.entries(exports) : []);
    const missing = (kind: string, entry: string): MissingFunctionError => {
      const text = `plugin "${name}" declares ${kind} "${entry}" in its contract, but its install did not return it`;
      return new MissingFunctionError(name, entry, text);
    };
    for (const entry of Object.keys(contract.functions)) {
      const call: unknown = returned.get(entry);
      if (typeof call !== "function") throw missing("function", entry);
      this.functions.set(entry, guardedFunction(this, entry, call as AnyFunction));
    }
    for (const entry of Object.keys(contract.values)) {
      if (returned.get(entry) === undefined) throw missing("value", entry);
      this.values.set(entry, returned.get(entry));
    }
  }
}
