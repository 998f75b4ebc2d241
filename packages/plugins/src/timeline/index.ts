import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes, wholeNumber } from "../arguments.js";
import { callstack } from "../callstack/contract.js";
import { symbols } from "../symbols/contract.js";
import { syscalls } from "../syscalls/contract.js";
import { table } from "../text.js";
import { watchCalls } from "./calls.js";
import { type Span, timeline } from "./contract.js";
import { createTraceFile } from "./trace-file.js";

const CATEGORIES: readonly Span["category"][] = ["syscall", "call", "idle"];

/** Writes what each thread did when: system calls, waits, and, with `callstack`, calls. */
export default plugin(timeline, {
  description: "A trace for Perfetto and Chrome: threads, system calls, and calls with callstack loaded",
  requires: { machine, syscalls },
  optional: { callstack, symbols },
  args: takes({
    calls: flag("Calls, too, if callstack is loaded", true),
    depth: wholeNumber("Calls to this depth of a thread's stack", { least: 1, most: 1_000_000, initial: 8 }),
    limit: wholeNumber("Most spans in the file", { least: 1, most: 1_000_000_000, initial: 1_000_000 }),
  }),
  install({ machine, syscalls, callstack, symbols, args, report, summary, open }) {
    const file = open("trace.json");
    const trace = file && createTraceFile(file);
    const counts: Record<Span["category"], number> = { syscall: 0, call: 0, idle: 0 };
    let written = 0;
    const named = new Set<string>();
    const now = (): number => machine.clock.nanoseconds;

    const take = (
      { category, name, pid, vcpu, start, duration }: Span,
      details?: Record<string, string>,
    ): void => {
      counts[category]++;
      if (trace === undefined || written === args.limit) return;
      written++;
      if (!named.has(`${pid} ${vcpu}`)) {
        named.add(`${pid} ${vcpu}`);
        trace.name("process_name", pid, vcpu, machine.process().name);
        trace.name("thread_name", pid, vcpu, `${machine.process().name} ${pid}, vCPU ${vcpu}`);
      }
      trace.span(category, name, pid, vcpu, start, duration, details);
    };

    /** By vCPU: when its system call was entered. */
    const enteredAt: number[] = [];
    syscalls.entered.register(({ vcpu }) => {
      enteredAt[vcpu] = now();
    });
    syscalls.returned.register(({ name, vcpu, args: given }, result, error) => {
      const start = enteredAt[vcpu] ?? now();
      const { pid } = machine.process();
      const details = {
        arguments: given.map(({ text }) => text).join(", "),
        result: error ?? String(result),
      };
      take({ category: "syscall", name, pid, vcpu, start, duration: now() - start }, details);
    });

    /** By vCPU: since when it waits. */
    const idleSince: number[] = [];
    machine.vcpus.idled.register(({ index }) => {
      idleSince[index] = now();
    });
    machine.vcpus.resumed.register(({ index }) => {
      const start = idleSince[index];
      if (start === undefined) return;
      const { pid } = machine.process();
      take({ category: "idle", name: "waits", pid, vcpu: index, start, duration: now() - start });
    });

    if (callstack && args.calls) {
      const nameOf = (address: number): string =>
        (symbols ? symbols.lookup(address)?.name : machine.program.symbolAt(address)?.name) ??
        `0x${address.toString(16)}`;
      watchCalls(callstack, args.depth, now, (vcpu, address, start, duration) =>
        take({ category: "call", name: nameOf(address), pid: machine.process().pid, vcpu, start, duration }),
      );
    }
    machine.exited.register(() => trace?.end());

    const total = (): number => CATEGORIES.reduce((sum, category) => sum + counts[category], 0);
    report(() => ({ ...counts, written, left: trace ? total() - written : 0 }));
    summary(() => {
      const cut =
        trace && total() > written ? `\nthe file has the first ${written} of ${total()}: see limit=` : "";
      const rows = CATEGORIES.map((category) => [category, counts[category]]);
      return `${table(["spans", "number"], rows)}${trace ? cut : "\nno file was wanted: give --out DIR for trace.json"}`;
    });
    return { spans: (category) => counts[category] };
  },
});
