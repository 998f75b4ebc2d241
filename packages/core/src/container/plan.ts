import type { Contract } from "../contract.js";
import {
  CycleError,
  describeCause,
  MissingRequirementError,
  type QppError,
  RefusedRequirementError,
  SelfRequirementError,
} from "../errors.js";
import type { Candidate, Candidates, Refusal } from "./candidates.js";
import { findMismatches } from "./match.js";
import { byNameOf, findCycle, findCycles, order } from "./order.js";

/** What a plan asks of its container. */
export interface Surroundings {
  /** The contract of a plugin that is loaded already. */
  contractOf(name: string): Contract | undefined;
  /** How to come by a plugin that is missing, as the end of a sentence. */
  advise(missing: string): string;
}

/** Which candidates can be loaded, in what order, and why the others cannot. */
export class Plan {
  /** Those to install, each after all it requires: not refused so far, and asked for or required by one that is. */
  readonly sorted: readonly Candidate[];
  /** Those to install, and all others that were asked for. */
  readonly wanted: readonly Candidate[];
  readonly #candidates: Candidates;
  readonly #surroundings: Surroundings;
  readonly #dependents = new Map<string, Candidate[]>();
  readonly #refused = new Map<string, QppError>();
  readonly #problems: QppError[] = [];

  constructor(candidates: Candidates, surroundings: Surroundings) {
    this.#candidates = candidates;
    this.#surroundings = surroundings;
    const all = [...candidates.byName.values()].sort(byNameOf);
    for (const candidate of all) {
      for (const name of candidate.required) {
        const list = this.#dependents.get(name);
        if (list) list.push(candidate);
        else this.#dependents.set(name, [candidate]);
      }
    }
    this.refuse(all.flatMap((candidate) => this.#problemsOf(candidate)));
    this.#refuseCycles(all);
    this.sorted = order(this.#needed(all)).sorted;
    this.wanted = [...new Set([...this.sorted, ...all.filter(({ onDemand }) => !onDemand)])];
  }

  /** Every refusal, those before the plan included. */
  get refusals(): readonly Refusal[] {
    return [...this.#candidates.refused, ...[...this.#refused].map(([plugin, error]) => ({ plugin, error }))];
  }

  /** What led to refusals, and would have; those before the plan included. */
  get problems(): readonly QppError[] {
    return [...this.#candidates.refused.map(({ error }) => error), ...this.#problems];
  }

  isRefused(name: string): boolean {
    return this.#refused.has(name);
  }

  /**
   * Refuses candidates, each for its first reason, and then all that require them; one that is refused already stays so. Every
   * reason is a problem.
   */
  refuse(errors: readonly (readonly [name: string, error: QppError])[]): void {
    for (const [, error] of errors) this.#problems.push(error);
    this.#refuse(errors);
  }

  #refuse(errors: readonly (readonly [name: string, error: QppError])[]): void {
    const fresh = new Map<string, QppError>();
    for (const [name, error] of errors) {
      if (!this.#refused.has(name) && !fresh.has(name)) fresh.set(name, error);
    }
    for (const [name, error] of fresh) this.#refused.set(name, error);
    for (const [name, error] of fresh) this.#refuseDependents(name, error);
  }

  #problemsOf(candidate: Candidate): [string, QppError][] {
    const { requires, optional } = candidate.plugin;
    const contracts = Object.values(requires).concat(Object.values(optional));
    const errors = contracts.flatMap((contract) => this.#problemsWith(candidate, contract));
    return errors.map((error) => [candidate.name, error]);
  }

  #needed(all: readonly Candidate[]): readonly Candidate[] {
    const wanted = new Set(all.filter(({ name, onDemand }) => !onDemand && !this.#refused.has(name)));
    for (const { required } of wanted) {
      for (const name of required) {
        const candidate = this.#candidates.byName.get(name);
        if (candidate) wanted.add(candidate);
      }
    }
    return [...wanted];
  }

  #problemsWith(candidate: Candidate, wanted: Contract): QppError[] {
    if (wanted.name === candidate.name) return [new SelfRequirementError(candidate.name)];
    const requested = this.#candidates.byName.get(wanted.name)?.plugin.contract;
    const offered = requested ?? this.#surroundings.contractOf(wanted.name);
    if (offered) return findMismatches(() => this.#chainTo(candidate.name), wanted, offered);
    return candidate.required.includes(wanted.name) ? [this.#missing(candidate, wanted)] : [];
  }

  #missing(candidate: Candidate, wanted: Contract): QppError {
    const chain = this.#chainTo(candidate.name);
    if (!this.#candidates.unresolved.has(wanted.name)) {
      return new MissingRequirementError(wanted.name, chain, this.#surroundings.advise(wanted.name));
    }
    const cause = this.#candidates.unresolved.get(wanted.name);
    return new MissingRequirementError(
      wanted.name,
      chain,
      `looking for it failed: ${describeCause(cause)}`,
      cause,
    );
  }

  #refuseCycles(all: readonly Candidate[]): void {
    const remaining = (nodes: readonly Candidate[]): readonly Candidate[] =>
      order(nodes.filter(({ name }) => !this.#refused.has(name))).stuck;
    for (let stuck = remaining(all); stuck.length > 0; stuck = remaining(stuck)) {
      const cycle = findCycle(stuck).map(({ name }) => name);
      const from = (start: number): string[] => [...cycle.slice(start), ...cycle.slice(0, start)];
      this.#refuse(cycle.map((name, i) => [name, new CycleError(name, from(i))]));
    }
    for (const cycle of findCycles(all)) {
      const names = cycle.map(({ name }) => name);
      this.#problems.push(new CycleError(names[0] as string, names));
    }
  }

  #refuseDependents(name: string, error: QppError): void {
    const queue = [name];
    for (const requirement of queue) {
      for (const { name: dependent } of this.#dependents.get(requirement) ?? []) {
        if (this.#refused.has(dependent)) continue;
        this.#refused.set(
          dependent,
          new RefusedRequirementError(requirement, this.#chainTo(dependent), error),
        );
        queue.push(dependent);
      }
    }
  }

  /** Who requires `name`, and who requires that one, and so on, outermost first; `name` is the last. */
  #chainTo(name: string): readonly string[] {
    const chain = [name];
    const seen = new Set(chain);
    for (;;) {
      // Dependents are in the order of their names.
      const names = (this.#dependents.get(chain[0] as string) ?? []).map((dependent) => dependent.name);
      const next = names.find((dependent) => !seen.has(dependent));
      if (next === undefined) return chain;
      seen.add(next);
      chain.unshift(next);
    }
  }
}
