// npm run bench [-- RUNS]: the machine beside qemu-riscv64, in turns, medians of RUNS (default 5). See README.md.
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { environment, hasPeer, median, outputOf, secondsOf } from "./measure.mjs";

const runs = Number(process.argv[2] ?? 5);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`bench: RUNS must be a whole number of at least 1, not "${process.argv[2]}"`);
  process.exit(125);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const guest = (name) => here(`../guests/bin/${name}`);
const qemu = hasPeer("qemu-riscv64");

const PROGRAMS = [
  ["sieve"],
  ["qsort"],
  ["matmul"],
  ["nbody"],
  ["sha256"],
  ["bytecode"],
  ["fib"],
  ["json", here("../guests/data/stations.json"), "180"],
];

const round = (value, digits = 2) => value.toFixed(digits);
const million = (insns, seconds) => round(insns / seconds / 1e6, 0);
const plain = { style: { head: [], border: [] } };

function watched(watch, [name, ...args]) {
  return JSON.parse(outputOf(process.execPath, [here("machine/guest.mjs"), watch, guest(name), ...args]));
}

function programs() {
  const table = new Table({
    ...plain,
    head: ["guest", "million insns", "M insns/s", "seconds", "QEMU s", "QPP/QEMU"],
  });
  for (const program of PROGRAMS) {
    const ours = [];
    const peers = [];
    for (let i = 0; i < runs; i++) {
      ours.push(watched("none", program));
      if (qemu) peers.push(secondsOf("qemu-riscv64", [guest(program[0]), ...program.slice(1)]));
    }
    const seconds = median(ours.map((o) => o.seconds));
    const insns = ours[0].insns;
    const peer = qemu ? median(peers) : Number.NaN;
    table.push([
      program[0],
      round(insns / 1e6, 0),
      million(insns, seconds),
      round(seconds),
      qemu ? round(peer) : "-",
      qemu ? round(seconds / peer, 1) : "-",
    ]);
  }
  return table;
}

function lanes() {
  const table = new Table({ ...plain, head: ["sieve, watched by", "seconds", "over none"] });
  const watches = ["none", "instructions, count", "blocks, count by", "memory, batch", "blocks, direct"];
  const taken = new Map(watches.map((watch) => [watch, []]));
  for (let i = 0; i < runs; i++) {
    for (const watch of watches) taken.get(watch).push(watched(watch, ["sieve", "8000000"]).seconds);
  }
  const none = median(taken.get("none"));
  for (const watch of watches) {
    const seconds = median(taken.get(watch));
    table.push([watch, round(seconds, 3), round(seconds / none)]);
  }
  return table;
}

function startUp() {
  const table = new Table({ ...plain, head: ["hello, whole process", "seconds"] });
  const command = here("../packages/cli/bin/qpp.js");
  const ours = [];
  const peers = [];
  for (let i = 0; i < Math.max(runs, 5); i++) {
    ours.push(secondsOf(process.execPath, [command, "run", guest("hello")]));
    if (qemu) peers.push(secondsOf("qemu-riscv64", [guest("hello")]));
  }
  table.push(["qpp run", round(median(ours), 3)]);
  if (qemu) table.push(["qemu-riscv64", round(median(peers), 3)]);
  return table;
}

console.log(environment());
for (const section of [startUp, programs, lanes]) console.log(`\n${section().toString()}`);
