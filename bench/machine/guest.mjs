// Runs one guest once, in a process of its own, with one way of watching it; prints what it took as JSON.
// node guest.mjs WATCH PROGRAM [ARGS...]
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createContainer, plugin } from "@qpp/core";
import { createMachine } from "@qpp/emulator";
import { machine as machineContract } from "@qpp/emulator/contract";

const [watch, path, ...args] = process.argv.slice(2);
const sink = { count: 0 };

/** The ways of watching, each named after its lane. */
const WATCHES = {
  none: () => {},
  "instructions, count": (machine) => machine.instructions.executed.count(),
  "blocks, count by": (machine) => machine.blocks.executed.countBy((block) => block.pc),
  "memory, batch": (machine) =>
    machine.memory.accessed.batch((batch) => {
      let sum = 0;
      for (let i = 0; i < batch.length; i++) sum = (sum + batch.address[i]) | 0;
      sink.count += sum;
    }),
  "blocks, direct": (machine) =>
    machine.blocks.executed.register(() => {
      sink.count++;
    }),
};

const attach = WATCHES[watch];
if (attach === undefined) throw new Error(`unknown way of watching: ${watch}`);
const silent = { read: () => 0, write: () => {} };
const machine = createMachine({
  path,
  image: readFileSync(path),
  args,
  env: {},
  files: {
    cwd: process.cwd(),
    allowRead: [path, ...args.filter((arg) => arg.startsWith("/"))].map(dirname),
    allowWrite: [],
  },
  stdio: [silent, silent, silent],
  seed: 0,
  report: (message) => console.error(message),
});
const watcher = plugin("watcher", {
  requires: { machine: machineContract },
  install({ machine: imported }) {
    attach(imported);
  },
});
const container = createContainer({
  host: { log: console.error, fault: (fault) => console.error(fault.message), abort: () => {} },
});
await container.load([{ plugin: machine.plugin }, { plugin: watcher }]);
const start = performance.now();
const { code } = machine.run();
const seconds = (performance.now() - start) / 1000;
// A guest that gave up early is a fast one: its figure would say nothing.
if (code !== 0) throw new Error(`${path} ended with exit code ${code}`);
console.log(JSON.stringify({ insns: machine.executed, seconds }));
