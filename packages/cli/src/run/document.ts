import type { Fault } from "@qpp/core";
import type { GuestExit } from "@qpp/emulator/contract";

/** What a run was and what came of it: the JSON document. */
export interface RunDocument {
  readonly schema: 1;
  readonly guest: {
    readonly path: string;
    readonly args: readonly string[];
    /** Null when a signal ended it, or it was stopped. */
    readonly exitCode: number | null;
    readonly signal: string | null;
    /** Why it was stopped, if it was. */
    readonly stopped?: string;
  };
  readonly machine: {
    /** Instructions executed. */
    readonly insns: number;
    /** Time of the host that the run took. */
    readonly seconds: number;
  };
  /** Results by plugin. */
  readonly plugins: Readonly<Record<string, unknown>>;
  /** What plugins did wrong; absent when there was nothing. A plugin's result may be incomplete then. */
  readonly faults?: readonly {
    readonly plugin: string;
    readonly where: string;
    readonly message: string;
    /** Instructions executed when it happened; null for faults after the run. */
    readonly at: number | null;
    /** The plugins that saw nothing from then on. */
    readonly lost: readonly string[];
  }[];
}

/** What {@link makeDocument} is made from. */
export interface RunFacts {
  readonly path: string;
  readonly args: readonly string[];
  readonly exit: GuestExit;
  readonly insns: number;
  readonly seconds: number;
  readonly results: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
}

/** Puts a run's facts in order. */
export function makeDocument({ path, args, exit, insns, seconds, results, faults }: RunFacts): RunDocument {
  const ended = exit.signal === undefined && exit.stopped === undefined;
  return {
    schema: 1,
    guest: {
      path,
      args,
      exitCode: ended ? exit.code : null,
      signal: exit.signal ?? null,
      ...(exit.stopped !== undefined && { stopped: exit.stopped }),
    },
    machine: { insns, seconds },
    plugins: results,
    ...(faults.length > 0 && {
      faults: faults.map(({ plugin, where, message, at = null, lost }) => ({
        plugin,
        where,
        message,
        at,
        lost,
      })),
    }),
  };
}
