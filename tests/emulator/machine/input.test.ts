import type { Stdio } from "@qpp/emulator";
import { expect, it } from "vitest";
import { A0, A1, DATA, exit, label, li, op, S0, syscall, to } from "./assemble.js";
import { createRig, program } from "./rig.js";

const SIGCHLD = 17;

/** A child reads a byte and ends with it; its parent counts, writes, waits for the child and ends with what it gave. */
const readerAndWriter = program([
  ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
  to("child", "beq", { rs1: A0, rs2: 0 }),
  ...li(S0, 2_000_000),
  label("busy"),
  op("addi", { rd: S0, rs1: S0, imm: -1 }),
  to("busy", "bne", { rs1: S0, rs2: 0 }),
  ...syscall("write", 1, DATA, 1),
  ...syscall("wait4", -1, DATA + 8, 0, 0),
  ...li(A1, DATA + 8),
  op("lbu", { rd: A0, rs1: A1, imm: 1 }),
  ...exit(0).slice(1),
  label("child"),
  ...syscall("read", 0, DATA, 1),
  ...li(A1, DATA),
  op("lbu", { rd: A0, rs1: A1, imm: 0 }),
  ...exit(0).slice(1),
]);

it("others go on while one waits for input, which comes because they do", async () => {
  let written = false;
  let looks = 0;
  const stream: Stdio = {
    read: () => 0,
    tryRead(into) {
      looks++;
      if (!written) return undefined;
      into[0] = 77;
      return 1;
    },
    write() {
      written = true;
    },
  };
  const rig = await createRig(readerAndWriter, { stdio: [stream, stream, stream] });
  const life: string[] = [];
  rig.api.vcpus.idled.register((cpu) => life.push(`${cpu.index} waits`));
  rig.api.vcpus.resumed.register((cpu) => life.push(`${cpu.index} goes on`));
  expect(rig.run().code).toBe(77);
  expect(looks).toBeGreaterThan(5);
  expect(life).toEqual(["1 waits", "0 waits", "1 goes on", "0 goes on"]);
});

it("a slice comes back while the guest waits for input, which an interrupt ends", async () => {
  const stream: Stdio = { read: () => 0, tryRead: () => undefined, write: () => {} };
  const rig = await createRig(program([...syscall("read", 0, DATA, 1), ...exit(0)]), {
    stdio: [stream, stream, stream],
  });
  expect(rig.machine.runSlice(1_000_000)).toBeUndefined();
  expect(rig.machine.runSlice(1_000_000)).toBeUndefined();
  expect(rig.machine.executed).toBeLessThan(10);
  rig.machine.interrupt("interrupted", 130);
  expect(rig.machine.runSlice(1)).toEqual({ code: 130, signal: undefined, stopped: "interrupted" });
});
