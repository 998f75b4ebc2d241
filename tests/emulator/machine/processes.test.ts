import { describe, expect, it } from "vitest";
import { A0, A1, DATA, exit, type Item, label, li, op, S0, syscall, to } from "./assemble.js";
import { createRig, program } from "./rig.js";

const SIGCHLD = 17;
const PR_SET_NAME = 15;
/** CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM. */
const THREAD_FLAGS = 0x50f00;
const ENOMEM_OR_EAGAIN = 11;

/** Puts a short string at an address. */
function text(address: number, string: string): Item[] {
  return [...string, "\0"].flatMap((character, i) => [
    ...li(A0, address + i),
    ...li(A1, character.charCodeAt(0)),
    op("sb", { rs1: A0, rs2: A1, imm: 0 }),
  ]);
}

describe("the name of a process", () => {
  /** A thread names itself; its process's first thread does later, when the other has ended. */
  const named = program([
    ...text(DATA, "worker"),
    ...text(DATA + 16, "chief"),
    ...syscall("clone", THREAD_FLAGS, DATA + 0x1000, 0, 0, 0),
    to("worker", "beq", { rs1: A0, rs2: 0 }),
    ...li(S0, 300_000),
    label("busy"),
    op("addi", { rd: S0, rs1: S0, imm: -1 }),
    to("busy", "bne", { rs1: S0, rs2: 0 }),
    ...syscall("prctl", PR_SET_NAME, DATA + 16),
    ...exit(0),
    label("worker"),
    ...syscall("prctl", PR_SET_NAME, DATA),
    ...syscall("exit", 0),
  ]);

  it("is its first thread's, whichever runs", async () => {
    const rig = await createRig(named);
    const changes: string[] = [];
    rig.api.processChanged.register(({ name }, before) => changes.push(`${before.name} to ${name}`));
    const names = new Set<string>();
    rig.api.syscalls.entered.register(({ cpu }) => names.add(`${cpu.index} ${rig.api.process().name}`));
    expect(rig.run().code).toBe(0);
    expect(changes).toEqual(["program to chief"]);
    expect([...names].sort()).toEqual(["0 chief", "0 program", "1 program"]);
  });

  it("stays when its first thread has ended", async () => {
    const rig = await createRig(
      program([
        ...text(DATA, "worker"),
        ...syscall("clone", THREAD_FLAGS, DATA + 0x1000, 0, 0, 0),
        to("worker", "beq", { rs1: A0, rs2: 0 }),
        ...syscall("exit", 0),
        label("worker"),
        ...syscall("prctl", PR_SET_NAME, DATA),
        ...li(S0, 300_000),
        label("busy"),
        op("addi", { rd: S0, rs1: S0, imm: -1 }),
        to("busy", "bne", { rs1: S0, rs2: 0 }),
        ...exit(3),
      ]),
    );
    const ended: string[] = [];
    rig.api.processEnded.register(({ name }, { code }) => ended.push(`${name} ${code}`));
    expect(rig.run().code).toBe(3);
    expect(ended).toEqual(["program 3"]);
  });
});

describe("a fork that is refused", () => {
  it("has made no vCPU", async () => {
    const rig = await createRig(
      program([
        ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
        op("sub", { rd: A0, rs1: 0, rs2: A0 }),
        ...exit(0).slice(1),
      ]),
      // The stack is 8 MiB: there is room for one.
      { maxMemory: 0xc0_0000 },
    );
    const begun: number[] = [];
    rig.api.vcpus.initialized.register(({ index }) => begun.push(index));
    expect(rig.run().code).toBe(ENOMEM_OR_EAGAIN);
    expect(rig.reports.join()).toContain("--max-memory");
    expect(rig.api.vcpus.count).toBe(1);
    expect(begun).toEqual([0]);
  });
});

describe("an index that is used again", () => {
  /** Three children after one another, each of which ends at once. */
  const children = program([
    ...li(S0, 3),
    label("more"),
    ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
    to("child", "beq", { rs1: A0, rs2: 0 }),
    ...syscall("wait4", -1, 0, 0, 0),
    op("addi", { rd: S0, rs1: S0, imm: -1 }),
    to("more", "bne", { rs1: S0, rs2: 0 }),
    ...exit(0),
    label("child"),
    ...exit(0),
  ]);

  it("goes on with its scoreboard entries, unless a plugin sets them, so that sums are of all there were", async () => {
    const rig = await createRig(children);
    const [all, own] = [rig.api.scoreboards.create(1).entry(0), rig.api.scoreboards.create(1).entry(0)];
    rig.api.instructions.executed.inline("add", all, 1);
    rig.api.instructions.executed.inline("add", own, 1);
    const begun: number[] = [];
    rig.api.vcpus.initialized.register(({ index }) => {
      begun.push(index);
      own.set(index, 0);
    });
    expect(rig.run().code).toBe(0);
    expect(begun).toEqual([0, 1, 1, 1]);
    expect(rig.api.vcpus.count).toBe(2);
    expect(all.sum()).toBe(rig.api.executed());
    expect(all.get(1)).toBe(3 * own.get(1));
    expect(own.get(1)).toBeGreaterThan(2);
  });
});
