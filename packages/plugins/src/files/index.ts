import { plugin } from "@qpp/core";
import { type GuestProcess, machine } from "@qpp/emulator/contract";
import { takes, wholeNumber } from "../arguments.js";
import { syscalls } from "../syscalls/contract.js";
import { table } from "../text.js";
import { files } from "./contract.js";
import { changed, type Descriptors, STANDARD } from "./descriptors.js";
import { effectsOf } from "./effects.js";
import { createUses } from "./uses.js";

/** Tells what files are used for: what is opened, read and written, by whom, how much. */
export default plugin(files, {
  description: "What was opened, read and written, by whom, and how much",
  requires: { machine, syscalls },
  args: takes({
    limit: wholeNumber("How many files to list in the table, 0 for all of them", {
      least: 0,
      most: 1_000_000_000,
      initial: 40,
    }),
  }),
  install({ machine, syscalls, args, callbacks, report, saveTable, summary }) {
    const processes = new Map<number, Descriptors>();
    /** Of processes that are about to have a child: what it will begin with. */
    const inherited = new Map<number, Descriptors>();
    const uses = createUses();

    function ofProcess({ pid, ppid }: GuestProcess): Descriptors {
      const known = processes.get(pid) ?? inherited.get(ppid) ?? processes.get(ppid) ?? STANDARD;
      processes.set(pid, known);
      return known;
    }
    const readInts = (address: number, count: number): number[] => {
      const bytes = machine.memory.read(address, 4 * count);
      const view = bytes && new DataView(bytes.buffer, bytes.byteOffset);
      return view ? Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true)) : [];
    };
    machine.processChanged.register((now) => void ofProcess(now));
    machine.processEnded.register(({ pid }) => {
      processes.delete(pid);
      inherited.delete(pid);
    });
    syscalls.entered.register(({ name }) => {
      if (name !== "clone" && name !== "clone3") return;
      const process = machine.process();
      inherited.set(process.pid, ofProcess(process));
    });
    syscalls.returned.register((call, result, error) => {
      const process = machine.process();
      const before = ofProcess(process);
      const { changes, opened, read, written, mapped, bytes } = effectsOf(call, result, before, readInts);
      if ((call.name === "clone" || call.name === "clone3") && result > 0 && !processes.has(result)) {
        processes.set(result, inherited.get(process.pid) ?? before);
      }
      let after = before;
      for (const change of changes) after = changed(after, change);
      processes.set(process.pid, after);

      if (opened !== undefined) {
        uses.opened(process, opened, error);
        callbacks.onOpen.run(process, opened, result, error);
      }
      const pathOf = (fd: number): string => before.open.get(fd)?.path ?? `(descriptor ${fd})`;
      if (read !== undefined) {
        uses.read(process, pathOf(read), bytes);
        callbacks.onRead.run(process, pathOf(read), bytes);
      }
      if (written !== undefined) {
        uses.written(process, pathOf(written), bytes);
        callbacks.onWrite.run(process, pathOf(written), bytes);
      }
      if (mapped !== undefined) uses.mapped(process, pathOf(mapped), bytes);
      for (const [fd, { path }] of before.open) {
        if (!after.open.has(fd)) callbacks.onClose.run(process, path, fd);
      }
    });

    report(() => ({ files: uses.all() }));
    saveTable(
      "files",
      {
        path: ["text", "As the guest named it; of what has no path, what it is: (pipe)"],
        opens: ["integer", "How often it was opened"],
        failures: ["integer", "How often that failed"],
        reads: ["integer", "System calls that read from it"],
        bytes_read: ["integer", "Bytes that they got"],
        writes: ["integer", "System calls that wrote to it"],
        bytes_written: ["integer", "Bytes that were taken"],
        bytes_mapped: ["integer", "Bytes of it that were mapped into memory"],
        processes: ["text", "Names and pids of those who used it, commas between"],
      },
      () =>
        uses
          .all()
          .map(
            ({ path, opens, failures, reads, bytesRead, writes, bytesWritten, bytesMapped, processes }) => ({
              path,
              opens,
              failures: Object.values(failures).reduce((sum, times) => sum + times, 0),
              reads,
              bytes_read: bytesRead,
              writes,
              bytes_written: bytesWritten,
              bytes_mapped: bytesMapped,
              processes: processes.join(", "),
            }),
          ),
    );
    summary(() => {
      const listed = uses
        .all()
        .slice()
        .sort((a, b) => b.bytesRead + b.bytesWritten - a.bytesRead - a.bytesWritten)
        .slice(0, args.limit === 0 ? undefined : args.limit);
      const rows = listed.map(
        ({ path, opens, failures, bytesRead, bytesWritten, bytesMapped, processes: who }) => [
          opens,
          bytesRead,
          bytesWritten,
          bytesMapped,
          path,
          Object.entries(failures)
            .map(([error, n]) => (n === 1 ? error : `${n} ${error}`))
            .join(", "),
          who.join(", "),
        ],
      );
      return table(["opens", "read", "written", "mapped", "file", "failed", "by"], rows);
    });
    return { pathOf: (fd) => ofProcess(machine.process()).open.get(fd)?.path, all: uses.all };
  },
});
