import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Container,
  createContainer,
  type Fault,
  type FaultPolicy,
  type Plugin,
  plugin,
} from "@qpp/core";
import { createMachine, type GuestExit, type Machine, type MachineOptions, type Stdio } from "@qpp/emulator";
import { machine as machineContract } from "@qpp/emulator/contract";
import { expect } from "vitest";
import { assemble, type Item, programFile } from "./assemble.js";

/** A program and its arguments. */
export type Guest = Pick<MachineOptions, "path" | "image" | "args">;

/** One of the programs in `guests/bin`. */
export function guest(name: string, ...args: readonly string[]): Guest {
  const path = fileURLToPath(new URL(`../../../guests/bin/${name}`, import.meta.url));
  return { path, image: readFileSync(path), args };
}

/** A program of the test's own. */
export function program(items: readonly Item[], textFlags?: number): Guest {
  return { path: "/test/program", image: programFile(assemble(items).bytes, textFlags), args: [] };
}

/** The machine's interface, as a plugin sees it. */
export type MachineImports = ReturnType<typeof importsOf>;
const importsOf = (container: Container) => container.use(machineContract);

/** A plugin that does this with the machine when it is installed. */
export function watcher(name: string, install: (machine: MachineImports) => void): Plugin {
  return plugin(name, {
    requires: { machine: machineContract },
    install: ({ machine }) => install(machine),
  });
}

/** A loaded machine and what is heard of it. */
export interface Rig {
  readonly machine: Machine;
  readonly container: Container;
  /** The machine's interface for the test itself; it counts as the plugin `(host)`. */
  readonly api: MachineImports;
  readonly faults: readonly Fault[];
  readonly reports: readonly string[];
  readonly logged: readonly string[];
  /** What the guest wrote to standard output and error. */
  output(): string;
  /** Runs to the end, in slices of so many instructions if told. */
  run(slice?: number): GuestExit;
}

type Settings =
  | "maxInsns"
  | "follow"
  | "seed"
  | "env"
  | "translate"
  | "translateAfter"
  | "translatedBytes"
  | "observe"
  | "clock"
  | "random"
  | "maxMemory"
  | "maxProcesses"
  | "loopback"
  | "stdio"
  | "files";

/** Executions after which blocks are translated, for a whole run of tests: most guests are too short otherwise. */
const { QPP_TEST_TRANSLATE_AFTER: after } = process.env;

export interface RigOptions extends Partial<Pick<MachineOptions, Settings>> {
  readonly plugins?: readonly Plugin[];
  readonly onFault?: FaultPolicy;
  /** Finds what plugins require that is not loaded. */
  readonly resolve?: NonNullable<Parameters<typeof createContainer>[0]>["resolve"];
}

export async function createRig(guest: Guest, options: RigOptions = {}): Promise<Rig> {
  const { plugins = [], onFault = "uninstall", resolve, ...machineOptions } = options;
  const faults: Fault[] = [];
  const reports: string[] = [];
  const logged: string[] = [];
  const written: Uint8Array[] = [];
  const stream: Stdio = { read: () => 0, write: (bytes) => written.push(bytes.slice()) };
  const machine = createMachine({
    env: {},
    seed: 1,
    files: { cwd: "/", allowRead: [], allowWrite: [] },
    stdio: [stream, stream, stream],
    report: (message) => reports.push(message),
    translateAfter: after === undefined ? undefined : Number(after),
    ...machineOptions,
    ...guest,
  });
  const container = createContainer({
    onFault,
    ...(resolve && { resolve }),
    host: {
      log: (name, ...values) => logged.push([name, ...values].join(" ")),
      fault: (fault) => faults.push(fault),
      abort: () => machine.interrupt("aborted", 125),
    },
  });
  const { refused } = await container.load([machine.plugin, ...plugins].map((each) => ({ plugin: each })));
  expect(refused).toEqual([]);
  return {
    machine,
    container,
    api: importsOf(container),
    faults,
    reports,
    logged,
    output: () => Buffer.concat(written).toString(),
    run(slice) {
      for (;;) {
        const exit = slice === undefined ? machine.run() : machine.runSlice(slice);
        if (exit !== undefined) return exit;
      }
    },
  };
}
