import { validateArguments } from "../arguments.js";
import { ConsumerScope } from "../consumer.js";
import type { Contract, Imports } from "../contract.js";
import {
  BadDefinitionError,
  describeCause,
  InstallError,
  MissingRequirementError,
  QppError,
} from "../errors.js";
import type { Fault, FaultPolicy } from "../fault.js";
import type { OpenFile } from "../files.js";
import { importsFor } from "../imports.js";
import type { OpenTable } from "../tables.js";
import {
  type Candidate,
  gatherCandidates,
  type LoadRequest,
  type Refusal,
  type Resolve,
} from "./candidates.js";
import { describePlugin, type PluginDescription, type WiringDescription } from "./describe.js";
import { Installation, type Outcome } from "./installation.js";
import { findMismatches } from "./match.js";
import { Plan } from "./plan.js";
import { nearest } from "./suggest.js";

/** The program around a container: what plugins say and do wrong comes out here. Its functions must not throw. */
export interface Host {
  /** A plugin says something. */
  log(plugin: string, ...values: unknown[]): void;
  /** A plugin is at fault. Called for each fault, before the policy is applied. */
  fault(fault: Fault): void;
  /**
   * How far the run has come, in whatever the host counts, such as executed instructions: faults tell it, so that one knows
   * from when on something is missing.
   */
  progress?(): number;
  /** Makes the files that plugins write; without it, none are written. What it throws is the plugin's fault. */
  readonly openFile?: OpenFile;
  /** Makes the tables that plugins fill; without it, there are none. What it throws is the plugin's fault. */
  readonly openTable?: OpenTable;
  /** Ends the run because of a fault; needed for the policy `abort`, and called with it alone. */
  abort?(fault: Fault): void;
}

/** How a container is set up. */
export interface ContainerOptions {
  readonly host: Host;
  /** What becomes of a plugin that is at fault; `uninstall` unless told. */
  readonly onFault?: FaultPolicy;
  /** Finds known plugins, which are loaded when others require them. */
  readonly resolve?: Resolve;
  /** Names to suggest, beside those that are loaded or requested, when a required one is missing. */
  readonly suggestions?: Iterable<string>;
  /** How a missing plugin can be loaded, as the end of a sentence: `(name) => "load it with -p " + name`. */
  readonly advice?: (missing: string) => string;
}

/** What came of loading. */
export interface LoadReport {
  /** Names of the plugins that were loaded, in that order, those loaded on demand included. */
  readonly loaded: readonly string[];
  /** Those that were not, each with its reason. */
  readonly refused: readonly Refusal[];
  /**
   * All that is wrong, each thing once, so that it can be set right in one go: why plugins were refused, and what would have
   * had them refused as well. Not that a plugin was refused because of another one.
   */
  readonly problems: readonly QppError[];
}

/**
 * Holds plugins, keyed by name, and wires them to each other.
 *
 * @example
 * ```ts
 * const container = createContainer({ host: { log: console.error, fault: (f) => console.error(f.message) } });
 * const { refused } = await container.load([{ plugin: qppSrv }, { plugin: qppClient }]);
 * for (const { error } of refused) console.error(error.message);
 * ```
 */
export interface Container {
  /**
   * Loads plugins, in topological order of what they require, and what they require on demand; the order of the requests does
   * not matter. A plugin that cannot be loaded is refused, with all that require it, and the others are loaded. Never rejects
   * for a plugin's sake. A second call waits for the first one.
   */
  load(requests: readonly LoadRequest[]): Promise<LoadReport>;
  /**
   * Takes a plugin out, its dependents first, at any time and from anywhere. Their results are kept.
   *
   * @returns whether a plugin of that name was there
   */
  uninstall(name: string): boolean;
  /** What is loaded under a name; QPP's `qemu_plugin_name_to_handle`. */
  get(name: string): PluginDescription | undefined;
  /**
   * The imports of a loaded plugin for the host itself. What the host's listeners throw is reported under the name `(host)`.
   *
   * @throws MissingRequirementError (`QPP_MISSING_REQUIREMENT`) when it is not loaded
   * @throws MissingFunctionError (`QPP_MISSING_FUNCTION`) or ContractMismatchError (`QPP_CONTRACT_MISMATCH`) when what is
   *   loaded does not offer what the contract declares
   */
  use<K extends Contract>(contract: K): Imports<K>;
  /**
   * The results of all plugins that have one or are at fault, in load order; those that were uninstalled with the last one they
   * had. A report that throws is a fault of its plugin, and the others are still there.
   */
  results(): ReadonlyMap<string, Outcome>;
  /** The texts for people of all plugins that have one, in load order. */
  summaries(): ReadonlyMap<string, string>;
  /**
   * At the end of the run: has all plugins write their files and fill their tables, in load order. Those of plugins that are gone
   * are written already.
   */
  finishFiles(): void;
  /** Who exports what, who requires and who subscribes to what. */
  describe(): WiringDescription;
  /**
   * Counts the runs of all callbacks from now on, for {@link describe}; those of plugins that are loaded later, too. Before
   * that, counting costs nothing; after it, a few nanoseconds a run.
   */
  countRuns(): void;
  /** The faults so far, at most the first 1000; the host has been told of all. */
  readonly faults: readonly Fault[];
}

/** A plugin that fails at every event must not fill the memory. */
const FAULTS_KEPT = 1000;

/** The name of the host where plugins have theirs; no plugin can be called this. */
const HOST_NAME = "(host)";

/**
 * Makes an empty container.
 *
 * @throws BadDefinitionError (`QPP_BAD_DEFINITION`) for the policy `abort` with a host that cannot abort
 */
export function createContainer(options: ContainerOptions): Container {
  if (options.onFault === "abort" && !options.host.abort) {
    throw new BadDefinitionError('the fault policy "abort" needs a host with a function `abort`');
  }
  return new PluginContainer(options);
}

class PluginContainer implements Container {
  readonly faults: Fault[] = [];
  readonly #options: ContainerOptions;
  /** Every plugin that was installed, in load order; those that are gone stay until their name is loaded again. */
  readonly #installations = new Map<string, Installation>();
  readonly #hostScope = new ConsumerScope(
    HOST_NAME,
    (fault) => this.#record(fault),
    () => ({ at: this.#options.host.progress?.(), lost: [] }),
  );
  #serial = 0;
  #countsRuns = false;
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: ContainerOptions) {
    this.#options = options;
  }

  load(requests: readonly LoadRequest[]): Promise<LoadReport> {
    const report = this.#loading.then(() => this.#load(requests));
    this.#loading = report.catch(() => undefined);
    return report;
  }

  uninstall(name: string): boolean {
    const installation = this.#installed(name);
    if (installation) this.#remove(installation, undefined);
    return installation !== undefined;
  }

  get(name: string): PluginDescription | undefined {
    const installation = this.#installed(name);
    return installation && describePlugin(installation, (wanted) => this.#installed(wanted));
  }

  use<K extends Contract>(contract: K): Imports<K> {
    const installation = this.#installed(contract.name);
    if (!installation)
      throw new MissingRequirementError(contract.name, [HOST_NAME], this.#advise(contract.name, []));
    const [mismatch] = findMismatches(() => [HOST_NAME], contract, installation.contract);
    if (mismatch) throw mismatch;
    return importsFor(installation, this.#hostScope) as Imports<K>;
  }

  results(): ReadonlyMap<string, Outcome> {
    const outcomes = [...this.#installations].map(([name, each]) => [name, each.outcome()] as const);
    return new Map(outcomes.flatMap(([name, outcome]) => (outcome ? [[name, outcome]] : [])));
  }

  summaries(): ReadonlyMap<string, string> {
    const texts = [...this.#installations].map(([name, each]) => [name, each.summary()] as const);
    return new Map(texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
  }

  finishFiles(): void {
    for (const installation of this.#installations.values()) installation.finishFiles();
  }

  describe(): WiringDescription {
    const present = [...this.#installations.values()].filter(({ state }) => state === "installed");
    return { plugins: present.map((each) => describePlugin(each, (name) => this.#installed(name))) };
  }

  countRuns(): void {
    this.#countsRuns = true;
    for (const installation of this.#installations.values()) countRunsOf(installation);
  }

  async #load(requests: readonly LoadRequest[]): Promise<LoadReport> {
    const isLoaded = (name: string): boolean => this.#installed(name) !== undefined;
    const resolve = this.#options.resolve ?? (() => undefined);
    const candidates = await gatherCandidates(requests, isLoaded, resolve);
    // From here on nothing waits: what was checked cannot change before it is used.
    const plan = new Plan(candidates, {
      contractOf: (name) => this.#installed(name)?.contract,
      advise: (missing) => this.#advise(missing, candidates.byName.keys()),
    });
    const args = new Map<string, unknown>();
    const badArguments = attemptAll(plan.wanted, ({ name, plugin, args: raw }) => {
      args.set(name, validateArguments(name, plugin.args, raw));
    });
    plan.refuse(badArguments);
    const installed: Installation[] = [];
    for (const candidate of plan.sorted) {
      if (plan.isRefused(candidate.name)) continue;
      const failed = attemptAll([candidate], () => {
        installed.push(this.#install(candidate, args.get(candidate.name)));
      });
      plan.refuse(failed);
    }
    // One that was taken out again by a fault while the others were installed is not loaded after all.
    const lost = installed.filter(({ state }) => state !== "installed");
    plan.refuse(lost.map((each) => [each.name, whyLost(each)]));
    const loaded = installed.filter(({ state }) => state === "installed").map(({ name }) => name);
    return { loaded, refused: plan.refusals, problems: plan.problems };
  }

  #install({ plugin, required, name }: Candidate, args: unknown): Installation {
    const requirements = required.map((requirement) => {
      const installation = this.#installed(requirement);
      // It was there when the plan was made: a plugin that was installed since has taken it out.
      if (!installation)
        throw new MissingRequirementError(requirement, [name], "it was uninstalled in the meantime");
      return installation;
    });
    const installation = new Installation(
      plugin,
      this.#serial++,
      requirements,
      (from, fault) => this.#onFault(from, fault),
      (of) => ({
        at: this.#options.host.progress?.(),
        lost:
          this.#policy === "uninstall" && of.state === "installed"
            ? goingWith(of).map(({ name: each }) => each)
            : [],
      }),
      this.#options.host,
    );
    if (this.#countsRuns) countRunsOf(installation);
    try {
      installation.install(
        args,
        (wanted) => this.#installed(wanted),
        (...values) => this.#options.host.log(name, ...values),
      );
    } catch (error) {
      installation.close(undefined);
      throw error;
    }
    // A name that is loaded again moves to the end.
    this.#installations.delete(name);
    this.#installations.set(name, installation);
    return installation;
  }

  #installed(name: string): Installation | undefined {
    const installation = this.#installations.get(name);
    return installation?.state === "installed" ? installation : undefined;
  }

  #onFault(from: Installation, fault: Fault): void {
    this.#record(fault);
    if (this.#policy === "uninstall") this.#remove(from, fault);
    if (this.#policy === "abort") this.#options.host.abort?.(fault);
  }

  get #policy(): FaultPolicy {
    return this.#options.onFault ?? "uninstall";
  }

  #record(fault: Fault): void {
    if (this.faults.length < FAULTS_KEPT) this.faults.push(fault);
    this.#options.host.fault(fault);
  }

  /** Closes an installation after all its dependents, direct and indirect. */
  #remove(installation: Installation, reason: Fault | undefined): void {
    for (const each of goingWith(installation)) each.close(reason);
  }

  #advise(missing: string, candidates: Iterable<string>): string {
    const known = [...(this.#options.suggestions ?? []), ...candidates, ...this.#installations.keys()];
    const near = nearest(
      missing,
      known.filter((name) => name !== missing),
    );
    const { advice = (name) => `add "${name}" to what is loaded` } = this.#options;
    return advice(missing) + (near === undefined ? "" : `; did you mean "${near}"?`);
  }
}

function whyLost({ name, fault }: Installation): QppError {
  return new InstallError(name, fault?.message ?? "it was uninstalled at once", fault?.cause);
}

function countRunsOf({ hubs }: Installation): void {
  for (const hub of hubs.values()) hub.countRuns();
}

/** An installation and all that depend on it, directly or not; dependents first, so it is the last. */
function goingWith(installation: Installation): readonly Installation[] {
  const found = new Set([installation]);
  for (const each of found) for (const dependent of each.dependents) found.add(dependent);
  // A dependent is always the younger one.
  return [...found].sort((a, b) => b.serial - a.serial);
}

/** Does something with each candidate; those for which it throws, with the error, which is one of ours in the end. */
function attemptAll(
  candidates: readonly Candidate[],
  action: (candidate: Candidate) => void,
): readonly (readonly [string, QppError])[] {
  return candidates.flatMap((candidate) => {
    try {
      action(candidate);
      return [];
    } catch (error) {
      const { name } = candidate;
      return [
        [
          name,
          error instanceof QppError ? error : new InstallError(name, describeCause(error), error),
        ] as const,
      ];
    }
  });
}
