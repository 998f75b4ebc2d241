import { describe, expect, it } from "vitest";
import { A0, A1, DATA, exit, label, li, op, S0, S1, syscall, to } from "./assemble.js";
import { createRig, program } from "./rig.js";

const SIGCHLD = 17;
const EAGAIN = 11;

/** Makes processes that wait for ever, until it gets an error; that is its exit code, and how many it made are at DATA. */
const greedy = program([
  ...li(S0, 0),
  label("more"),
  ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
  to("child", "beq", { rs1: A0, rs2: 0 }),
  to("refused", "blt", { rs1: A0, rs2: 0 }),
  op("addi", { rd: S0, rs1: S0, imm: 1 }),
  to("more", "jal", { rd: 0 }),
  label("refused"),
  ...li(S1, DATA),
  op("sd", { rs1: S1, rs2: S0, imm: 0 }),
  op("sub", { rd: A0, rs1: 0, rs2: A0 }),
  ...exit(0).slice(1),
  label("child"),
  ...syscall("ppoll", 0, 0, 0, 0, 0),
]);

describe("a limit of processes", () => {
  it.each([
    [1, 0],
    [5, 4],
  ])("of %i lets the guest make %i, and refuses the next with one report", async (maxProcesses, made) => {
    const rig = await createRig(greedy, { maxProcesses });
    expect(rig.run().code).toBe(EAGAIN);
    expect(Buffer.from(rig.api.memory.read(DATA, 8) ?? []).readBigInt64LE()).toBe(BigInt(made));
    expect(rig.reports.filter((report) => report.includes("--max-processes"))).toEqual([
      `the guest has ${maxProcesses} threads and processes, as many as it may have; clone gets EAGAIN (--max-processes)`,
    ]);
  });

  it("counts those that are alive", async () => {
    const rig = await createRig(
      program([
        ...li(S0, 20),
        label("more"),
        ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
        to("child", "beq", { rs1: A0, rs2: 0 }),
        to("refused", "blt", { rs1: A0, rs2: 0 }),
        ...li(A1, 0),
        ...syscall("wait4"),
        op("addi", { rd: S0, rs1: S0, imm: -1 }),
        to("more", "bne", { rs1: S0, rs2: 0 }),
        ...exit(0),
        label("refused"),
        ...exit(1),
        label("child"),
        ...exit(7),
      ]),
      { maxProcesses: 2 },
    );
    expect(rig.run().code).toBe(0);
    expect(rig.reports).toEqual([]);
  });
});
