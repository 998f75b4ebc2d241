import { type Container, createContainer, type Plugin } from "@qpp/core";
import {
  createMachine,
  type Machine,
  type MachineOptions,
} from "../../../packages/emulator/src/machine/machine.js";
import type { Observed } from "./observed.js";

/** A program, and what it is run with. */
export interface Guest {
  readonly path: string;
  readonly image: Uint8Array;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly seed?: number;
  readonly maxInsns?: number;
  /** Working directory, and what may be used of it and elsewhere. */
  readonly cwd?: string;
  readonly allow?: readonly string[];
  /** How the machine is made beyond that. */
  readonly machine?: Partial<MachineOptions>;
}

/** A machine whose output is kept. */
export interface Recorded {
  readonly machine: Machine;
  /** What it has done so far. */
  observed(): Observed;
  /** What it told its user. */
  readonly reports: readonly string[];
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}

/** Everything is interpreted. */
export const INTERPRETED: Partial<MachineOptions> = { translate: false };
/** Every block is translated before it is executed. */
export const TRANSLATED: Partial<MachineOptions> = { translateAfter: 1 };
/** What is executed in rounds is translated as a whole, after a few of them. */
export const TRANSLATED_WARM: Partial<MachineOptions> = { translateAfter: 3 };

/** Makes a machine with this guest in it. */
export function createRecorded(guest: Guest): Recorded {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const reports: string[] = [];
  let input = new TextEncoder().encode(guest.stdin ?? "");
  const allow = guest.allow ?? [];
  const machine = createMachine({
    path: guest.path,
    image: guest.image,
    args: guest.args ?? [],
    env: {},
    files: { cwd: guest.cwd ?? "/", allowRead: allow, allowWrite: allow },
    stdio: [
      {
        read(into) {
          const taken = input.subarray(0, into.length);
          into.set(taken);
          input = input.subarray(taken.length);
          return taken.length;
        },
        write: () => {},
      },
      { read: () => 0, write: (bytes) => void out.push(bytes.slice()) },
      { read: () => 0, write: (bytes) => void err.push(bytes.slice()) },
    ],
    seed: guest.seed ?? 1,
    maxInsns: guest.maxInsns,
    report: (message) => void reports.push(message),
    ...guest.machine,
  });
  return {
    machine,
    reports,
    observed: () => ({
      stdout: join(out),
      stderr: join(err),
      code: machine.exit?.code,
      executed: machine.executed,
    }),
  };
}

/** Puts plugins onto a machine, in a container of its own; refusals and faults are thrown. */
export async function attach({ machine }: Recorded, ...plugins: readonly Plugin[]): Promise<Container> {
  const container = createContainer({
    host: {
      log: () => {},
      fault: ({ cause }) => {
        throw cause;
      },
    },
  });
  const { refused } = await container.load([machine.plugin, ...plugins].map((plugin) => ({ plugin })));
  for (const { error } of refused) throw error;
  return container;
}
