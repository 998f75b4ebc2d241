import type { Cpu } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, A1, DATA, exit, li, op, S0, syscall, T0 } from "../assemble.js";
import { createRig, guest, program } from "../rig.js";

describe("register_vcpu_init_cb, register_vcpu_exit_cb", () => {
  it("tell the thread's start before its first block, and its end with registers that can still be read", async () => {
    const order: string[] = [];
    const cpus: Cpu[] = [];
    const rig = await createRig(program(exit(42)));
    const { vcpus, instructions } = rig.api;
    vcpus.initialized.register((cpu) => {
      cpus.push(cpu);
      order.push(`init ${cpu.index} ${vcpus.list.length}`);
    });
    instructions.executed.register((cpu) => {
      cpus.push(cpu);
      order.push("insn");
    });
    vcpus.exited.register((cpu) => {
      cpus.push(cpu);
      order.push(`exit a0=${cpu.registers.readNumber("a0")}`);
    });
    rig.run();
    expect(order).toEqual(["init 0 1", "insn", "insn", "insn", "exit a0=42"]);
    expect(new Set(cpus).size).toBe(1);
  });

  it("come on the Rx lane as well", async () => {
    const seen: string[] = [];
    const rig = await createRig(guest("exit-code"));
    rig.api.vcpus.initialized.subscribe((cpu) => seen.push(`init ${cpu.index}`));
    rig.api.vcpus.exited.subscribe((cpu) => seen.push(`exit ${cpu.index}`));
    rig.run();
    expect(seen).toEqual(["init 0", "exit 0"]);
  });
});

describe("callbacks of a thread's life", () => {
  it("may write registers, but have no pc to set", async () => {
    const rig = await createRig(program([op("addi", { rd: A0, rs1: T0 }), ...exit(0).slice(1)]));
    const { vcpus } = rig.api;
    vcpus.initialized.register((cpu) => cpu.registers.write("t0", 21n), { registers: "write" });
    for (const lane of [vcpus.initialized, vcpus.exited, vcpus.idled, vcpus.resumed]) {
      expect(() => lane.register(() => {}, { registers: "write-pc" })).toThrow("there is no pc to set");
    }
    expect(rig.run().code).toBe(21);
  });
});

describe("num_vcpus, vcpu_for_each", () => {
  it("count all vCPUs, list those that are alive", async () => {
    const rig = await createRig(guest("exit-code"));
    const { vcpus } = rig.api;
    expect(vcpus.list.map((cpu) => cpu.index)).toEqual([0]);
    rig.run();
    expect(vcpus.count).toBe(1);
    expect(vcpus.list).toEqual([]);
  });
});

describe("register_vcpu_idle_cb, register_vcpu_resume_cb", () => {
  it("frame a system call that sleeps, and none that does not", async () => {
    const order: string[] = [];
    const sleeper = program([
      ...syscall("getpid"),
      // nanosleep({ 2 s, 5 ns })
      ...li(S0, DATA),
      ...li(T0, 2),
      op("sd", { rs1: S0, rs2: T0, imm: 0 }),
      ...li(T0, 5),
      op("sd", { rs1: S0, rs2: T0, imm: 8 }),
      op("addi", { rd: A0, rs1: S0 }),
      ...li(A1, 0),
      ...syscall("nanosleep"),
      ...exit(0),
    ]);
    const rig = await createRig(sleeper);
    const { vcpus, syscalls, clock } = rig.api;
    let asleep = 0;
    syscalls.entered.register((call) => order.push(call.name));
    syscalls.returned.register((call) => order.push(`${call.name} returned`));
    vcpus.idled.register(() => {
      asleep = clock.nanoseconds;
      order.push("idle");
    });
    vcpus.resumed.register(() => order.push(`resume after ${clock.nanoseconds - asleep} ns`));
    rig.run();
    expect(order).toEqual([
      "getpid",
      "getpid returned",
      "nanosleep",
      "idle",
      "resume after 2000000005 ns",
      "nanosleep returned",
      "exit_group",
    ]);
  });
});
