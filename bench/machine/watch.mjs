// node watch.mjs LANE PLUGINS PROGRAM [ARGS...]: runs a guest under so many plugins that watch the same events on the same lane;
// prints the seconds that the run took, without start-up.
import { readFileSync } from "node:fs";
import { createContainer, plugin } from "@qpp/core";
import { createMachine } from "@qpp/emulator";
import { machine as machineContract } from "@qpp/emulator/contract";

const [lane, plugins, path, ...args] = process.argv.slice(2);

/** What each plugin does on its lane; what gives the number of events that it has seen. */
const LANES = {
  inline(machine) {
    const insns = machine.instructions.executed.count();
    return () => insns.value;
  },
  batch(machine) {
    let [accesses, addresses] = [0, 0];
    machine.memory.accessed.batch((batch) => {
      const { length, address } = batch;
      for (let i = 0; i < length; i++) addresses = (addresses + address[i]) | 0;
      accesses += length;
    });
    return () => accesses;
  },
  direct(machine) {
    let blocks = 0;
    machine.blocks.executed.register(() => void blocks++, { registers: "none" });
    return () => blocks;
  },
};

const silent = { read: () => 0, write: () => {} };
const machine = createMachine({
  path,
  image: readFileSync(path),
  args,
  env: {},
  files: { cwd: process.cwd(), allowRead: [], allowWrite: [] },
  stdio: [silent, silent, silent],
  seed: 0,
  report: (message) => console.error(message),
});
const seen = [];
const watchers = Array.from({ length: Number(plugins) }, (_, i) =>
  plugin(`watcher_${i}`, {
    requires: { machine: machineContract },
    install({ machine }) {
      seen.push(LANES[lane](machine));
    },
  }),
);
const container = createContainer({
  host: { log: console.error, fault: (fault) => console.error(fault.message), abort: () => {} },
});
await container.load([machine.plugin, ...watchers].map((each) => ({ plugin: each })));
const start = performance.now();
const { code } = machine.run();
const seconds = (performance.now() - start) / 1000;
// A guest that gave up early, or a plugin that missed something, is a fast one: its figure would say nothing.
if (code !== 0) throw new Error(`${path} ended with exit code ${code}`);
const counts = new Set(seen.map((count) => count()));
if (counts.size > 1 || counts.has(0)) throw new Error(`plugins saw ${[...counts].join(", ")} events`);
console.log(seconds);
