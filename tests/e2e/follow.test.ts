import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { A0, A1, DATA, exit, label, li, op, S0, syscall, to } from "../emulator/machine/assemble.js";
import { program } from "../emulator/machine/rig.js";
import { document, folderWith, qpp } from "./qpp.js";

const SIGCHLD = 17;

/** A child counts and ends with 3, which its parent ends with as well. */
const { image } = program([
  ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
  to("child", "beq", { rs1: A0, rs2: 0 }),
  ...syscall("wait4", -1, DATA, 0, 0),
  ...li(A1, DATA),
  op("lbu", { rd: A0, rs1: A1, imm: 1 }),
  ...exit(0).slice(1),
  label("child"),
  ...li(S0, 10_000),
  label("busy"),
  op("addi", { rd: S0, rs1: S0, imm: -1 }),
  to("busy", "bne", { rs1: S0, rs2: 0 }),
  ...exit(3),
]);

function familyFile(): string {
  const path = join(folderWith({ family: image }), "family");
  chmodSync(path, 0o755);
  return path;
}

it("--follow-forks off shows plugins the first process alone; the guest does the same", () => {
  const path = familyFile();
  const run = (...options: readonly string[]): { guest: unknown; insns: number; seen: unknown } => {
    const { guest, machine, plugins } = document([...options, "-p", "insn", path]);
    return { guest, insns: machine.insns, seen: plugins.insn };
  };
  const all = run();
  expect(all.insns).toBeGreaterThan(20_000);
  expect(all).toMatchObject({ guest: { exitCode: 3 }, seen: { insns: all.insns } });
  expect(run("--follow-forks", "on")).toEqual(all);
  const first = run("--follow-forks", "off");
  expect(first).toMatchObject({ guest: all.guest, insns: all.insns });
  expect(first.seen).toMatchObject({ insns: all.insns - 20_006 });
});

it("--follow-forks takes on or off", () => {
  const { code, stderr } = qpp(["run", "--follow-forks", "parent", familyFile()]);
  expect(code).toBe(125);
  expect(stderr).toContain("It must be on or off.");
});
