/**
 * The stable codes of every error this package throws or reports. A code never changes its meaning; messages may improve.
 */
export type QppErrorCode =
  | "QPP_BAD_ARGUMENT"
  | "QPP_BAD_DEFINITION"
  | "QPP_CAPACITY"
  | "QPP_CONTRACT_MISMATCH"
  | "QPP_CYCLE"
  | "QPP_DUPLICATE_CALLBACK"
  | "QPP_DUPLICATE_PLUGIN"
  | "QPP_INSTALL_FAILED"
  | "QPP_MISSING_FUNCTION"
  | "QPP_MISSING_REQUIREMENT"
  | "QPP_NOT_OWNER"
  | "QPP_PLUGIN_GONE"
  | "QPP_REFUSED_REQUIREMENT"
  | "QPP_SELF_REQUIREMENT";

/** Where an error happened, as far as that is known. */
export interface ErrorDetails {
  /** Name of the plugin that the error is about. */
  readonly plugin?: string | undefined;
  /** The callback that the error is about, as `owner.callback`. */
  readonly callback?: string | undefined;
  /** Who required the plugin, outermost first: each requires the next, the last one requires `plugin` or is it. */
  readonly requiredBy?: readonly string[] | undefined;
  /** What led to this error. */
  readonly cause?: unknown;
}

/**
 * The base of every error of this package: a stable `code`, and the plugin, the callback and the chain of who required what.
 *
 * @example
 * ```ts
 * if (error instanceof QppError && error.code === "QPP_CYCLE") console.error(error.requiredBy.join(" -> "));
 * ```
 */
export class QppError extends Error {
  /** One of {@link QppErrorCode}, or of the codes of another package's errors that build on this one. */
  readonly code: QppErrorCode | `QPP_${string}`;
  /** Name of the plugin that the error is about. */
  readonly plugin: string | undefined;
  /** The callback that the error is about, as `owner.callback`. */
  readonly callback: string | undefined;
  /** Who required the plugin, outermost first; empty if that does not matter. */
  readonly requiredBy: readonly string[];

  constructor(code: QppErrorCode | `QPP_${string}`, message: string, details: ErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.plugin = details.plugin;
    this.callback = details.callback;
    this.requiredBy = details.requiredBy ?? [];
  }
}

/** `QPP_CAPACITY`: a callback has as many subscribers as it takes. Those that were there before stay. */
export class CapacityError extends QppError {
  /** How many subscribers the callback takes. */
  readonly capacity: number;

  constructor(callback: string, capacity: number, consumer: string) {
    super(
      "QPP_CAPACITY",
      `plugin "${consumer}" cannot subscribe to callback "${callback}": all ${capacity} slots are taken; ` +
        "remove a subscriber, or raise `capacity` in its contract",
      { plugin: consumer, callback },
    );
    this.capacity = capacity;
  }
}

/** `QPP_PLUGIN_GONE`: a function, value or subscription was asked of, or by, a plugin that is uninstalled. */
export class PluginGoneError extends QppError {
  constructor(plugin: string, what: string, callback?: string) {
    super("QPP_PLUGIN_GONE", `${what}: plugin "${plugin}" has been uninstalled`, { plugin, callback });
  }
}

/** `QPP_NOT_OWNER`: somebody who does not own a callback tried to run it. */
export class NotOwnerError extends QppError {
  constructor(callback: string, consumer: string) {
    super(
      "QPP_NOT_OWNER",
      `plugin "${consumer}" cannot run callback "${callback}": only the plugin that owns a callback runs it`,
      { plugin: consumer, callback },
    );
  }
}

/** `QPP_MISSING_REQUIREMENT`: a required plugin is neither loaded, nor requested, nor known. */
export class MissingRequirementError extends QppError {
  /** Name of the plugin that is missing. */
  readonly missing: string;

  constructor(missing: string, requiredBy: readonly string[], advice: string, cause?: unknown) {
    const plugin = requiredBy.at(-1);
    super(
      "QPP_MISSING_REQUIREMENT",
      `plugin "${plugin}" requires "${missing}", which is not loaded (${[...requiredBy, missing].join(" -> ")}); ${advice}`,
      cause === undefined ? { plugin, requiredBy } : { plugin, requiredBy, cause },
    );
    this.missing = missing;
  }
}

/** `QPP_REFUSED_REQUIREMENT`: a required plugin was refused, so its dependent is refused too. `cause` is the first reason. */
export class RefusedRequirementError extends QppError {
  /** Name of the required plugin that was refused. */
  readonly requirement: string;

  constructor(requirement: string, requiredBy: readonly string[], cause: QppError) {
    const plugin = requiredBy.at(-1);
    super(
      "QPP_REFUSED_REQUIREMENT",
      `plugin "${plugin}" requires "${requirement}", which was refused ` +
        `(${[...requiredBy, requirement].join(" -> ")}): ${cause.message}`,
      { plugin, requiredBy, cause },
    );
    this.requirement = requirement;
  }
}

/** `QPP_CYCLE`: plugins require each other in a circle. */
export class CycleError extends QppError {
  /** The plugins of the circle; each requires the next, the last one the first. */
  readonly cycle: readonly string[];

  constructor(plugin: string, cycle: readonly string[]) {
    super(
      "QPP_CYCLE",
      `plugin "${plugin}" is part of a cycle of requirements: ${[...cycle, cycle[0]].join(" -> ")}; ` +
        "one of them has to do without the next, or to take it as optional at a later time",
      { plugin, requiredBy: cycle },
    );
    this.cycle = cycle;
  }
}

/** `QPP_SELF_REQUIREMENT`: a plugin requires itself. What it owns it has already, in its context. */
export class SelfRequirementError extends QppError {
  constructor(plugin: string) {
    super(
      "QPP_SELF_REQUIREMENT",
      `plugin "${plugin}" requires itself; its own callbacks are in \`context.callbacks\`, its functions are its own`,
      { plugin, requiredBy: [plugin] },
    );
  }
}

/** `QPP_DUPLICATE_PLUGIN`: a plugin of this name is already there. The one that was first stays. */
export class DuplicatePluginError extends QppError {
  constructor(plugin: string) {
    super(
      "QPP_DUPLICATE_PLUGIN",
      `a plugin named "${plugin}" is already loaded or requested; names are unique: drop or rename one of the two`,
      { plugin },
    );
  }
}

/** `QPP_DUPLICATE_CALLBACK`: a contract gives one name to two things. */
export class DuplicateCallbackError extends QppError {
  constructor(contract: string, name: string, kinds: readonly string[]) {
    super(
      "QPP_DUPLICATE_CALLBACK",
      `contract "${contract}" uses the name "${name}" for a ${kinds.join(" and a ")}; each name stands for one thing`,
      { plugin: contract, callback: `${contract}.${name}` },
    );
  }
}

/** `QPP_MISSING_FUNCTION`: a function (or value) that a contract declares is not there. */
export class MissingFunctionError extends QppError {
  /** Name of the missing function. */
  readonly missing: string;

  constructor(provider: string, missing: string, message: string, requiredBy: readonly string[] = []) {
    super("QPP_MISSING_FUNCTION", message, { plugin: requiredBy.at(-1) ?? provider, requiredBy });
    this.missing = missing;
  }
}

/** `QPP_CONTRACT_MISMATCH`: a plugin does not offer what a contract of its name declares. */
export class ContractMismatchError extends QppError {
  constructor(message: string, requiredBy: readonly string[]) {
    super("QPP_CONTRACT_MISMATCH", message, { plugin: requiredBy.at(-1), requiredBy });
  }
}

/** `QPP_BAD_ARGUMENT`: an argument given to a plugin is unknown, malformed or out of range. */
export class BadArgumentError extends QppError {
  /** The name of each argument that is wrong, and why. */
  readonly issues: readonly { readonly argument: string; readonly message: string }[];

  constructor(
    plugin: string,
    issues: readonly { readonly argument: string; readonly message: string }[],
    cause?: unknown,
  ) {
    const reasons = issues.map(({ argument, message }) =>
      argument ? `argument "${argument}": ${message}` : message,
    );
    super(
      "QPP_BAD_ARGUMENT",
      `plugin "${plugin}": ${reasons.join("; ")}`,
      cause === undefined ? { plugin } : { plugin, cause },
    );
    this.issues = issues;
  }
}

/** `QPP_INSTALL_FAILED`: a plugin threw while it was installed. `cause` is what it threw. */
export class InstallError extends QppError {
  constructor(plugin: string, reason: string, cause?: unknown) {
    super(
      "QPP_INSTALL_FAILED",
      `plugin "${plugin}" could not be installed: ${reason}`,
      cause === undefined ? { plugin } : { plugin, cause },
    );
  }
}

/** `QPP_BAD_DEFINITION`: a plugin, contract or callback is declared in a way that cannot work. */
export class BadDefinitionError extends QppError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("QPP_BAD_DEFINITION", message, details);
  }
}

/** A short text for anything that may be thrown. */
export function describeCause(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
