import { folderWith } from "../e2e/qpp.js";

/** What `qpp run --out` leaves, small enough to know every number of it. */
export const FILES: Readonly<Record<string, unknown>> = {
  "run.json": {
    schema: 1,
    guest: { path: "/bin/</script><b>odd", args: ["-x"], exitCode: 3, signal: null },
    machine: { insns: 1_234_567, seconds: 0.5 },
    plugins: { insn: { insns: 1_234_567 } },
    faults: [{ plugin: "p", where: "report", message: 'plugin "p" failed in report', at: null, lost: [] }],
  },
  "wiring.json": {
    plugins: [
      { name: "machine", requires: [], callbacks: [], functions: ["stop"], values: [], attachments: [] },
      {
        name: "insn",
        requires: [{ key: "machine", plugin: "machine", optional: false, met: true }],
        callbacks: [],
        functions: ["insns"],
        values: [],
        attachments: [{ to: "machine.instructions.executed", lane: "inline", count: 1 }],
      },
    ],
  },
  "annotate.json": {
    functions: [
      {
        name: "work",
        object: "/bin/odd",
        insns: 70,
        instructions: [
          ["0x1000", "addi a0,a0,1", 60, "/src/odd.c", 2],
          ["0x1004", "jalr zero,0(ra)", 10, "/src/odd.c", 3],
        ],
      },
      { name: "main", object: "/bin/odd", insns: 30, instructions: [["0x2000", "ecall", 30, null, null]] },
    ],
  },
  "heatmap.json": {
    sliceAccesses: 10,
    slices: [
      [
        [100, 0x8000, 7],
        [100, 0x9000, 3],
      ],
      [[100, 0x9000, 4]],
    ],
  },
  "trace.json": [
    { ph: "M", name: "thread_name", pid: 100, tid: 0, ts: 0, args: { name: "odd 100" } },
    { ph: "X", cat: "syscall", name: "read", pid: 100, tid: 0, ts: 10, dur: 5, args: { result: "3" } },
    { ph: "X", cat: "syscall", name: "write", pid: 100, tid: 0, ts: 90, dur: 10 },
  ],
};

const FOLDED = "main 30\nmain;work 60\nmain;work;leaf 10\n";
const LCOV = "TN:\nSF:/src/odd.c\nDA:2,60\nDA:3,10\nDA:5,0\nend_of_record\n";
const SOURCE = "int work(int x) {\n  x++;\n  return x;\n}\nint never;\n";

/** A folder with all of them, and with other files for some. */
export function reportFolder(others: Readonly<Record<string, string>> = {}): string {
  const json = Object.entries(FILES).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return folderWith({
    ...Object.fromEntries(json),
    "profile.folded": FOLDED,
    "coverage.lcov": LCOV,
    "odd.c": SOURCE,
    ...others,
  });
}
