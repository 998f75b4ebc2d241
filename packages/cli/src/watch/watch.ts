import { type ChildProcess, spawn } from "node:child_process";
import { relative } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { OWN_FAILURE } from "../failure.js";
import { say } from "../output.js";
import { SIGNALS, type Signal } from "../run/signals.js";
import { watchFiles } from "./files.js";

const STDERR = 2;
const CLEAR_SCREEN = "\x1b[2J\x1b[3J\x1b[H";

/**
 * `qpp run --watch`: runs the guest, and again whenever a file that its plugins consist of changes; a run that is not over by
 * then is given up. The guest has no input: what it read from ours in one run would be missing in the next.
 *
 * @param args the whole command line
 * @returns the exit code, when a signal ends it: 128 + signal; or at once if there is nothing to watch
 */
export function watch(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    let runAgain = false;
    let ending: Signal | undefined;

    const files = watchFiles((file) => {
      if (isatty(STDERR)) say(CLEAR_SCREEN);
      say(`qpp: ${relative("", file)} changed\n`);
      runAgain = true;
      if (child === undefined) start();
      else child.kill("SIGKILL");
    });

    function start(): void {
      runAgain = false;
      child = startRun(args)
        .on("message", (file) => files.add(String(file)))
        .on("close", () => {
          child = undefined;
          if (ending !== undefined) end(128 + SIGNALS[ending]);
          else if (runAgain) start();
          else wait();
        });
    }

    function wait(): void {
      if (files.size > 0) {
        say(`qpp: watching ${files.size} file${files.size === 1 ? "" : "s"}; Ctrl-C ends it\n`);
      } else {
        say("qpp: --watch: no plugin comes from a file, so there is nothing to watch\n");
        end(OWN_FAILURE);
      }
    }

    function interrupt(signal: Signal): void {
      if (child === undefined) end(128 + SIGNALS[signal]);
      else child.kill(ending === undefined ? signal : "SIGKILL");
      ending = signal;
    }

    function end(exitCode: number): void {
      for (const name of names) process.off(name, interrupt);
      resolve(exitCode);
    }

    const names = Object.keys(SIGNALS) as Signal[];
    for (const name of names) process.on(name, interrupt);
    start();
  });
}

/** In a process group of its own, so that Ctrl-C comes here alone, and is passed on once. */
function startRun(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL("./child.js", import.meta.url)), ...args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
}
