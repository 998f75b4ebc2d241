import type { Imports, OutputTable } from "@qpp/core";
import type { GuestProcess, Mapping, machine } from "@qpp/emulator/contract";
import type { MAPPINGS, PROCESSES } from "./run-columns.js";

/** Has every process and every mapping of the run told to tables. @returns a function that tells those that have not ended */
export function watchProcesses(
  guest: Imports<typeof machine>,
  processes: OutputTable<typeof PROCESSES>,
  mappings: OutputTable<typeof MAPPINGS>,
): () => void {
  /** By pid: those that have not ended. */
  const alive = new Map<number, { name: string; readonly ppid: number; readonly since: number }>();

  const tell = (pid: number, mapping: Mapping): void => {
    const { start, end, offset, name } = mapping;
    mappings.add({
      pid,
      start_address: start,
      end_address: end,
      permissions: permissionsOf(mapping),
      file_offset: offset,
      name: name || null,
      insns: guest.executed(),
    });
  };
  const enter = ({ pid, ppid, name }: GuestProcess): void => {
    const known = alive.get(pid);
    if (known?.name === name) return;
    if (known) known.name = name;
    else alive.set(pid, { name, ppid, since: guest.executed() });
    for (const mapping of guest.mappings()) tell(pid, mapping);
  };
  enter(guest.process());
  guest.processChanged.register(enter);
  guest.mapped.register(({ pid }, mapping) => tell(pid, mapping));
  guest.processEnded.register(({ pid, ppid, name }, { code, signal }) => {
    const since = alive.get(pid)?.since ?? guest.executed();
    alive.delete(pid);
    processes.add({
      pid,
      ppid,
      name,
      first_insns: since,
      last_insns: guest.executed(),
      exit_code: code,
      signal,
    });
  });
  return () => {
    for (const [pid, { name, ppid, since }] of alive)
      processes.add({ pid, ppid, name, first_insns: since, last_insns: null, exit_code: null, signal: null });
  };
}

function permissionsOf({ readable, writable, executable, shared }: Mapping): string {
  return `${readable ? "r" : "-"}${writable ? "w" : "-"}${executable ? "x" : "-"}${shared ? "s" : "p"}`;
}
