import type { Mapping } from "../../../memory/mappings.js";
import { describeMapping } from "../../proc-maps.js";
import { Protection } from "../../protection.js";
import { ticksOf } from "../../usage.js";
import type { LiveFacts, ProcessFacts, ThreadFacts } from "./process-facts.js";

/** The texts of proc(5) about a process. Sizes that the guest's kernel does not keep are 0, as with unused features. */

const PAGE = 4096;
const KIB = 1024;
/** Column of the name in /proc/pid/maps. */
const NAME_COLUMN = 73;
const STATES = { R: "R (running)", S: "S (sleeping)", T: "T (stopped)", Z: "Z (zombie)" } as const;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** /proc/pid/maps. */
export function mapsText(mappings: readonly Mapping[]): string {
  return mappings.map(mapsLine).join("");
}

function mapsLine(mapping: Mapping): string {
  const { start, end, permissions, offset, device, inode, name } = describeMapping(mapping);
  // A minor number has eight bits, or twenty in two parts (makedev(3)).
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  const range = `${hex(start, 8)}-${hex(end, 8)}`;
  const line = `${range} ${permissions} ${hex(offset, 8)} ${hex(major, 2)}:${hex(minor, 2)} ${inode} `;
  const escaped = name.replaceAll("\n", "\\012");
  return name === "" ? `${line}\n` : `${line.padEnd(NAME_COLUMN)}${escaped}\n`;
}

/** Names may hold what would break a line (seq_file(9) escapes them with backslashes). */
const printable = (name: string): string => name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

interface Sizes {
  readonly total: number;
  readonly stack: number;
  readonly code: number;
  readonly data: number;
}

function sizesOf({ memory, code }: LiveFacts): Sizes {
  let stack = 0;
  let data = 0;
  for (const { start, end, prot, name } of memory.mappings) {
    if (name === "[stack]") stack += end - start;
    else if (prot & Protection.WRITE) data += end - start;
  }
  return { total: memory.mappedBytes, stack, data, code: code.end - code.start };
}

/** /proc/pid/status. */
export function statusText(process: ProcessFacts, thread: ThreadFacts): string {
  const { pid, ppid, uid, gid, live } = process;
  const lines: [string, string | number][] = [["Name", printable(thread.name)]];
  if (live) lines.push(["Umask", live.umask.toString(8).padStart(4, "0")]);
  lines.push(
    ["State", STATES[thread.state]],
    ["Tgid", pid],
    ["Ngid", 0],
    ["Pid", thread.tid],
    ["PPid", ppid],
    ["TracerPid", 0],
    ["Uid", `${uid}\t${uid}\t${uid}\t${uid}`],
    ["Gid", `${gid}\t${gid}\t${gid}\t${gid}`],
    ["FDSize", live ? Math.max(64, live.descriptors.numbers().length) : 0],
    ["Groups", `${gid} `],
    ["NStgid", pid],
    ["NSpid", thread.tid],
    ["NSpgid", process.group],
    ["NSsid", process.session],
  );
  if (live) {
    const { total, stack, code, data } = sizesOf(live);
    const kib = (bytes: number): string =>
      `${Math.ceil(bytes / KIB)
        .toString()
        .padStart(8)} kB`;
    lines.push(
      ["VmPeak", kib(Math.max(total, process.peak))],
      ["VmSize", kib(total)],
      ["VmLck", kib(0)],
      ["VmPin", kib(0)],
      ["VmHWM", kib(Math.max(total, process.peak))],
      ["VmRSS", kib(total)],
      ["VmData", kib(data)],
      ["VmStk", kib(stack)],
      ["VmExe", kib(code)],
      ["VmLib", kib(0)],
      ["VmPTE", kib(0)],
      ["VmSwap", kib(0)],
    );
  }
  const noSignals = "0000000000000000";
  lines.push(
    ["Threads", process.threads.length],
    ["CapInh", noSignals],
    ["CapPrm", noSignals],
    ["CapEff", noSignals],
    ["CapBnd", noSignals],
    ["CapAmb", noSignals],
    ["NoNewPrivs", 1],
    ["Seccomp", 0],
    ["Cpus_allowed", "1"],
    ["Cpus_allowed_list", "0"],
    ["voluntary_ctxt_switches", 0],
    ["nonvoluntary_ctxt_switches", 0],
  );
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

/** /proc/pid/statm. */
export function statmText(live: LiveFacts | undefined): string {
  if (!live) return "0 0 0 0 0 0 0\n";
  const { total, stack, code, data } = sizesOf(live);
  const pages = (bytes: number): number => Math.ceil(bytes / PAGE);
  return `${pages(total)} ${pages(total)} 0 ${pages(code)} 0 ${pages(data + stack)} 0\n`;
}

/**
 * /proc/pid/stat, or of one thread. Fields that nobody here keeps are 0.
 * @param time user time in nanoseconds, of the process or of the thread.
 */
export function statText(process: ProcessFacts, thread: ThreadFacts, time: number): string {
  const { ppid, group, session, live } = process;
  const total = live?.memory.mappedBytes ?? 0;
  const fields = [
    thread.tid,
    `(${printable(thread.name)})`,
    thread.state,
    ppid,
    group,
    session,
    0, // tty_nr: no terminal controls the guest
    -1, // tpgid
    0, // flags
    ...[0, 0, 0, 0], // page faults
    ticksOf(time), // utime
    0, // stime
    ticksOf(process.childrenTime), // cutime
    0, // cstime
    20, // priority
    0, // nice
    process.threads.length,
    0, // itrealvalue
    ticksOf(process.started),
    total,
    Math.ceil(total / PAGE),
    "18446744073709551615", // rsslim: RLIM_INFINITY
    live?.code.start ?? 0,
    live?.code.end ?? 0,
    live?.initialStack ?? 0,
    ...[0, 0], // kstkesp, kstkeip
    ...[0, 0, 0, 0], // signals
    0, // wchan
    ...[0, 0], // nswap, cnswap
    17, // exit_signal: SIGCHLD
    0, // processor
    ...[0, 0], // rt_priority, policy
    ...[0, 0, 0], // delays, guest times
    ...[0, 0], // start_data, end_data
    live?.heap.start ?? 0,
    ...[0, 0, 0, 0], // arg_start, arg_end, env_start, env_end
    0, // exit_code
  ];
  return `${fields.join(" ")}\n`;
}

const LIMIT_NAMES: readonly (readonly [string, string])[] = [
  ["Max cpu time", "seconds"],
  ["Max file size", "bytes"],
  ["Max data size", "bytes"],
  ["Max stack size", "bytes"],
  ["Max core file size", "bytes"],
  ["Max resident set", "bytes"],
  ["Max processes", "processes"],
  ["Max open files", "files"],
  ["Max locked memory", "bytes"],
  ["Max address space", "bytes"],
  ["Max file locks", "locks"],
  ["Max pending signals", "signals"],
  ["Max msgqueue size", "bytes"],
  ["Max nice priority", ""],
  ["Max realtime priority", ""],
  ["Max realtime timeout", "us"],
];

/** /proc/pid/limits. */
export function limitsText({ limits }: ProcessFacts): string {
  const row = (name: string, soft: string, hard: string, units: string): string =>
    `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${units.padEnd(10)}\n`;
  const value = (limit: number): string => (limit === Number.POSITIVE_INFINITY ? "unlimited" : String(limit));
  return [
    row("Limit", "Soft Limit", "Hard Limit", "Units"),
    ...LIMIT_NAMES.map(([name, units], index) => {
      const limit = limits[index];
      return row(name, value(limit?.soft ?? 0), value(limit?.hard ?? 0), units);
    }),
  ].join("");
}
