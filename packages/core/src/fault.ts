import { describeCause } from "./errors.js";

/**
 * Something that a plugin did wrong while it ran: where, and what it threw. A fault never disturbs another plugin; the host
 * hears of it, and the container's policy decides what becomes of the plugin.
 */
export interface Fault {
  /** Name of the plugin whose code failed. */
  readonly plugin: string;
  /** What that code was doing, for example `callback "qpp_srv.onExit"`, `report` or `dispose`. */
  readonly where: string;
  /** The callback whose listener failed, as `owner.callback`; undefined elsewhere. */
  readonly callback: string | undefined;
  /** What was thrown, or the reason a promise was rejected with. */
  readonly cause: unknown;
  /** How far the run had come, as `Host.progress` tells it; undefined if the host does not tell. */
  readonly at: number | undefined;
  /**
   * Names of the plugins that were taken out because of it, dependents first, the one at fault last: from then on they saw
   * nothing. Empty by the policies `report` and `abort`, and if the plugin was gone already.
   */
  readonly lost: readonly string[];
  /** One line for people: who, where, and the cause. */
  readonly message: string;
}

/**
 * What becomes of a plugin that is at fault: `uninstall` it with its dependents, `abort` the run, or only `report` it.
 */
export type FaultPolicy = "uninstall" | "abort" | "report";

/** What the container knows of the moment of a fault. */
export type Circumstances = Pick<Fault, "at" | "lost">;

export function makeFault(
  plugin: string,
  where: string,
  cause: unknown,
  callback: string | undefined,
  { at, lost }: Circumstances,
): Fault {
  return {
    plugin,
    where,
    callback,
    cause,
    at,
    lost,
    message: `plugin "${plugin}" failed in ${where}: ${describeCause(cause)}`,
  };
}
