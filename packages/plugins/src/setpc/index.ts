import { plugin } from "@qpp/core";
import { type Cpu, machine } from "@qpp/emulator/contract";
import { Subscription } from "rxjs";
import { createChecks } from "../checks.js";
import { hex } from "../text.js";
import { type JumpSource, setpc } from "./contract.js";

/** The system call that a guest made for this test tells with what is to happen. */
const MAGIC_SYSCALL = 4096;
/** Its first argument: go on at the second one, at once. */
const SETPC = 0;
/** Or: go on at the third one, when the instruction at the second one or a load from the fourth one is executed. */
const SETTARGET = 1;

/** Tests that a plugin can set the pc: QEMU's `setpc` plugin, for guests that ask for it. */
export default plugin(setpc, {
  description:
    "Tests that the pc can be set from system calls, instructions and loads, as the guest asks for it",
  requires: { machine },
  install({ machine, callbacks, log, report, summary }) {
    const checks = createChecks();
    const jumps = { syscalls: 0, instructions: 0, loads: 0 };
    const withPc = { registers: "write-pc" } as const;
    /** What waits for the marked instruction or load. */
    let target = new Subscription();

    function goTo(cpu: Cpu, pc: number, from: JumpSource): void {
      jumps[from]++;
      const arrival = machine.blocks.executed.register((arrived, block) => {
        if (arrived.index !== cpu.index) return;
        arrival.unsubscribe();
        checks.expect(`the next block after a jump from ${from}`, hex(block.pc), hex(pc));
      });
      callbacks.onJump.run(cpu, pc, from);
      cpu.setPc(pc);
    }

    function aim(source: number, to: number, address: number): void {
      target.unsubscribe();
      target = new Subscription();
      if (source !== 0) {
        const there = machine.instructions.where(({ pc }) => pc === source).executed;
        target.add(
          there.register((cpu) => {
            checks.expect("a guest marks an instruction or an address, not both", address, 0);
            log("Marker insn detected, jump to clean return");
            goTo(cpu, to, "instructions");
          }, withPc),
        );
      }
      if (address !== 0) {
        const loads = machine.memory.where((site) => site.isLoad).accessed;
        target.add(
          loads.register((cpu, access) => {
            if (access.address !== address) return;
            log("Marker mem access detected, jump to clean return");
            goTo(cpu, to, "loads");
          }, withPc),
        );
      }
    }

    const magic = machine.syscalls.where(({ number }) => number === MAGIC_SYSCALL);
    magic.entered.register(({ cpu, args: [command, pc = 0] }) => {
      if (command !== SETPC) return;
      log("Magic syscall detected, jump to clean exit");
      goTo(cpu, pc, "syscalls");
    }, withPc);
    magic.filter(({ args: [command, source = 0, to = 0, address = 0] }) => {
      if (command !== SETTARGET) {
        if (command !== SETPC) log("Unknown magic syscall argument, ignoring");
        return undefined;
      }
      log("Magic syscall detected, set target_pc / target_vaddr");
      checks.expect("a guest names the place to go on at", to !== 0, true);
      aim(source, to, address);
      return 0;
    });

    report(() => ({ jumps: { ...jumps }, checks: checks.counts() }));
    summary(() => {
      const { syscalls, instructions, loads } = jumps;
      return `pc set from ${syscalls} system calls, ${instructions} instructions and ${loads} loads, each time with the right effect`;
    });
    return { jumps: () => ({ ...jumps }) };
  },
});
