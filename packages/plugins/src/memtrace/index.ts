import { type FileName, type OutputFile, plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, takes } from "../arguments.js";
import { memtrace } from "./contract.js";
import { recordAddresses, recordValues } from "./record.js";
import { COLUMNS, recordRows } from "./rows.js";
import { TraceWriter } from "./trace-writer.js";

/** Writes a compressed trace of every block and every access. */
export default plugin(memtrace, {
  description: "Writes a compressed trace of every block and every access to a file",
  requires: { machine },
  args: takes({
    file: v.optional(
      v.pipe(
        v.string(),
        v.description("Where to write the trace, with or without --out"),
        v.nonEmpty("it must be the path of a file"),
      ),
    ),
    values: flag("Record the value of each access, too"),
    table: flag("Put each access into the table `accesses`, too, where there is a database (--db)"),
  }),
  install({ machine, args, open, openTable, onDispose, report, summary }) {
    const name: FileName = args.file === undefined ? "memtrace.qpptrace" : { path: args.file };
    const file = open(name);
    const rows = args.table ? openTable("accesses", COLUMNS) : undefined;
    if (rows) recordRows(machine, rows);
    if (file === undefined) {
      summary(() => "no trace was written: give --out DIR or file=PATH");
      report(() => ({ file: null }));
      return { writing: () => false, blocks: () => 0, accesses: () => 0, bytes: () => 0 };
    }
    const counted = countingBytes(file);
    const writer = new TraceWriter(counted.write, { values: args.values });
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      flush?.();
      writer.end();
    };
    // First: what is recorded is handed over before this is called.
    onDispose(end);
    const flush = args.values ? recordValues(machine, writer) : recordAddresses(machine, writer);
    machine.exited.register(end);

    report(() => ({
      file: typeof name === "string" ? name : name.path,
      blocks: writer.blocks,
      accesses: writer.accesses,
      bytes: counted.bytes,
    }));
    summary(() => {
      const { blocks, accesses } = writer;
      const each = counted.bytes / Math.max(1, blocks + accesses);
      return `${blocks} blocks, ${accesses} accesses in ${counted.bytes} bytes: ${each.toFixed(2)} bytes an event`;
    });
    return {
      writing: () => true,
      blocks: () => writer.blocks,
      accesses: () => writer.accesses,
      bytes: () => counted.bytes,
    };
  },
});

function countingBytes(file: OutputFile): { readonly bytes: number; write(chunk: Uint8Array): void } {
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    write(chunk) {
      bytes += chunk.length;
      file.write(chunk);
    },
  };
}
