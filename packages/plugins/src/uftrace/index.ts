import { join } from "node:path";
import { type FileName, plugin } from "@qpp/core";
import { machine, SystemModeOnlyError } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, takes } from "../arguments.js";
import { callstack } from "../callstack/contract.js";
import { symbols } from "../symbols/contract.js";
import { table } from "../text.js";
import { uftrace } from "./contract.js";
import { infoFile, sessionMap, symbolFile, symbolFiles, taskList } from "./directory.js";
import { MAX_DEPTH } from "./records.js";
import { createSessions } from "./sessions.js";
import { createTasks } from "./tasks.js";

const DIRECTORY = "uftrace.data";

/** Writes what `uftrace record` would: when each function was entered and left. A nanosecond there is an instruction here. */
export default plugin(uftrace, {
  description: "Writes every call and return for uftrace: report, replay, graph, dump",
  requires: { machine, callstack, symbols },
  args: takes({
    dir: v.optional(
      v.pipe(
        v.string(),
        v.description(`The directory to write, with or without --out; ${DIRECTORY} in --out unless told`),
        v.nonEmpty("it must be the path of a directory"),
      ),
    ),
    "trace-privilege-level": flag("A trace for each privilege level: refused, a program has one only"),
  }),
  install({ machine, callstack, symbols, args, open, report, summary }) {
    if (args["trace-privilege-level"])
      throw new SystemModeOnlyError("what trace-privilege-level=on tells apart, privilege levels,");
    const directory = args.dir ?? DIRECTORY;
    const named = (name: string): FileName =>
      args.dir === undefined ? `${DIRECTORY}/${name}` : { path: join(args.dir, name) };
    const info = open(named("info"));
    if (info === undefined) {
      summary(() => "nothing was written: give --out DIR or dir=PATH");
      report(() => ({ directory: null }));
      return;
    }

    const write = (name: string, content: string): void => open(named(name))?.write(content);
    const sessions = createSessions(symbols);
    const tasks = createTasks(machine, callstack, sessions, (tid) => {
      const file = open(named(`${tid}.dat`));
      return (bytes) => file?.write(bytes);
    });

    // A function's time is that of its instructions: the one that calls is the caller's, the one that returns its own.
    callstack.onCall.register((cpu, frame) => {
      const time = machine.executed() + (frame.kind === "call" ? 1 : 0);
      tasks.enter(cpu, time, frame.index, frame.function);
    });
    callstack.onReturn.register((cpu, frame, how) => {
      const time = machine.executed() + (how === "returned" && frame.kind === "call" ? 1 : 0);
      tasks.leave(cpu, time, frame.index, frame.function, how === "ended");
    });
    callstack.onTailCall.register((cpu, frame, before) => {
      const time = machine.executed() + 1;
      tasks.leave(cpu, time, frame.index, before, false);
      tasks.enter(cpu, time, frame.index, frame.function);
    });

    machine.exited.register((exitCode) => {
      for (const { records } of tasks.all) records.flush();
      const { path: program, args: words } = machine.program;
      const tids = tasks.all.map(({ tid }) => tid);
      info.write(infoFile({ program, command: [program, ...words], exitCode, tids, maxDepth: MAX_DEPTH }));
      write("task.txt", taskList(sessions.all, tasks.all));
      for (const session of sessions.all) write(`sid-${session.id}.map`, sessionMap(session));
      for (const [name, file] of symbolFiles(sessions.files)) write(name, symbolFile(file));
    });

    report(() => ({
      directory,
      tasks: tasks.all.map(({ tid, pid, records }) => ({ tid, pid, records: records.length })),
      tooDeep: tasks.tooDeep,
    }));
    summary(() => {
      const rows = tasks.all.map(({ tid, pid, records }) => [tid, pid, records.length]);
      const left =
        tasks.tooDeep > 0
          ? `\n${tasks.tooDeep} more were deeper than ${MAX_DEPTH} calls, which uftrace has no room for`
          : "";
      return `${table(["task", "process", "records"], rows)}${left}`;
    });
  },
});
