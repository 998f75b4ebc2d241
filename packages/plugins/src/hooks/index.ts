import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { list, takes } from "../arguments.js";
import { callstack } from "../callstack/contract.js";
import { symbols } from "../symbols/contract.js";
import { hooks } from "./contract.js";
import { createInterceptor } from "./interceptor.js";
import { parseTraced, tracing } from "./trace.js";

/** Lets other plugins act when functions are entered and left; by itself it prints calls. */
export default plugin(hooks, {
  description: "Entry and end of functions: arguments and results read, replaced, printed",
  requires: { machine, callstack, symbols },
  args: takes({
    trace: list(
      "Function to print calls of: a name or pattern, then, after a colon, a letter of xdusf for each argument, and = with one for the result; repeatable",
    ),
  }),
  install({ machine, callstack, symbols, args, log, report, saveTable, summary }) {
    const interceptor = createInterceptor({
      machine,
      callstack,
      symbols,
      failed: (target, error) =>
        log(
          `the hook of ${target} threw, and was taken back: ${error instanceof Error ? error.message : error}`,
        ),
    });
    const calls = new Map<string, number>();
    for (const text of args.trace) {
      const listener = tracing(parseTraced(text), log);
      interceptor.attach(parseTraced(text).target, {
        ...listener,
        onEnter(call) {
          calls.set(call.name, (calls.get(call.name) ?? 0) + 1);
          return listener.onEnter?.(call) ?? "";
        },
      });
    }
    report(() => ({ calls: Object.fromEntries(calls) }));
    summary(() =>
      args.trace.length === 0 ? undefined : [...calls].map(([name, n]) => `${n} ${name}`).join("\n"),
    );
    saveTable(
      "hooked_calls",
      {
        function: ["text", "The function, as it was asked for by trace=…"],
        calls: ["integer", "How often it was called"],
      },
      () => [...calls].map(([name, times]) => ({ function: name, calls: times })),
    );
    return { attach: interceptor.attach, replace: interceptor.replace };
  },
});
