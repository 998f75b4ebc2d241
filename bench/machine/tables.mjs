// The machine beside qemu-riscv64, in turns, medians.
import { fileURLToPath } from "node:url";
import { hasPeer, median, outputOf, round, secondsOf, table } from "../measure.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const guest = (name) => here(`../../guests/bin/${name}`);
const qemu = hasPeer("qemu-riscv64");

const PROGRAMS = [
  ["sieve"],
  ["qsort"],
  ["matmul"],
  ["nbody"],
  ["sha256"],
  ["bytecode"],
  ["fib"],
  ["json", here("../../guests/data/stations.json"), "180"],
];

const million = (insns, seconds) => round(insns / seconds / 1e6, 0);

function watched(watch, [name, ...args]) {
  return JSON.parse(outputOf(process.execPath, [here("guest.mjs"), watch, guest(name), ...args]));
}

function programs(runs) {
  const rows = [];
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
    rows.push([
      program[0],
      round(insns / 1e6, 0),
      million(insns, seconds),
      round(seconds),
      qemu ? round(peer) : "-",
      qemu ? round(seconds / peer, 1) : "-",
    ]);
  }
  return table(["guest", "million insns", "M insns/s", "seconds", "QEMU s", "QPP/QEMU"], rows);
}

function lanes(runs) {
  const rows = [];
  const watches = ["none", "instructions, count", "blocks, count by", "memory, batch", "blocks, direct"];
  const taken = new Map(watches.map((watch) => [watch, []]));
  for (let i = 0; i < runs; i++) {
    for (const watch of watches) taken.get(watch).push(watched(watch, ["sieve", "8000000"]).seconds);
  }
  const none = median(taken.get("none"));
  for (const watch of watches) {
    const seconds = median(taken.get(watch));
    rows.push([watch, round(seconds, 3), round(seconds / none)]);
  }
  return table(["sieve, watched by", "seconds", "over none"], rows);
}

function startUp(runs) {
  const rows = [];
  const command = here("../../packages/cli/bin/qpp.js");
  const ours = [];
  const peers = [];
  for (let i = 0; i < Math.max(runs, 5); i++) {
    ours.push(secondsOf(process.execPath, [command, "run", guest("hello")]));
    if (qemu) peers.push(secondsOf("qemu-riscv64", [guest("hello")]));
  }
  rows.push(["qpp run", round(median(ours), 3)]);
  if (qemu) rows.push(["qemu-riscv64", round(median(peers), 3)]);
  return table(["hello, whole process", "seconds"], rows);
}

/** The tables, one after the other. */
export function* machineTables(runs) {
  for (const section of [startUp, programs, lanes]) yield section(runs);
}
