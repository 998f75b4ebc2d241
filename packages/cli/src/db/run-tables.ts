import type { Columns, Container, Imports, OpenTable, OutputTable } from "@qpp/core";
import type { machine } from "@qpp/emulator/contract";
import type { RunDocument } from "../run/document.js";
import { leavesOf } from "./flatten.js";
import { COUNTERS, FAULTS, MAPPINGS, PLUGINS, PROCESSES, RUN } from "./run-columns.js";
import { watchProcesses } from "./watch-processes.js";

/** The tables that every run has. */
export interface RunTables {
  /** To be called when the guest has ended and plugins have told their results. */
  finish(document: RunDocument): void;
}

/** @param owner whose the tables are, in messages */
export function createRunTables(
  container: Container,
  guest: Imports<typeof machine>,
  openTable: OpenTable,
  owner: string,
  seed: number,
): RunTables {
  const open = <const C extends Columns>(name: string, columns: C): OutputTable<C> & { close(): void } => {
    const sink = openTable(owner, name, columns);
    if (sink === undefined) throw new Error(`no table ${name}`);
    return sink;
  };
  const run = open("run", RUN);
  const plugins = open("plugins", PLUGINS);
  const counters = open("counters", COUNTERS);
  const processes = open("processes", PROCESSES);
  const mappings = open("mappings", MAPPINGS);
  const faults = open("faults", FAULTS);
  const endProcesses = watchProcesses(guest, processes, mappings);

  return {
    finish({
      guest: { path, args, exitCode, signal, stopped },
      machine: figures,
      plugins: results,
      faults: all = [],
    }) {
      run.add({
        program: path,
        arguments: JSON.stringify(args),
        seed,
        exit_code: exitCode,
        signal,
        stopped,
        insns: figures.insns,
        guest_ns: Math.round(guest.clock.nanoseconds),
        seconds: figures.seconds,
      });
      endProcesses();
      for (const { name, description } of container.describe().plugins) {
        const result = results[name];
        plugins.add({
          plugin: name,
          description,
          result: result === undefined ? null : JSON.stringify(result),
        });
      }
      for (const [plugin, result] of Object.entries(results)) {
        for (const { path: place, value } of leavesOf(result)) {
          const number = typeof value === "string" ? null : Number(value);
          counters.add({
            plugin,
            path: place,
            value: number,
            text: typeof value === "string" ? value : null,
          });
        }
      }
      for (const { plugin, where, message, at } of all)
        faults.add({ plugin, place: where, message, insns: at });
      for (const table of [run, plugins, counters, processes, mappings, faults]) table.close();
    },
  };
}
