import { plugin } from "@qpp/core";
import { type Cpu, type Instruction, machine } from "@qpp/emulator/contract";
import { symbols } from "../symbols/contract.js";
import { readWord, watchClones } from "./clones.js";
import { callstack } from "./contract.js";
import { directTarget, indirectTarget, isThroughT0, movedTo, stackMove } from "./jump-targets.js";
import { ShadowStack } from "./shadow-stack.js";
import { ShadowThread, type Tell } from "./shadow-thread.js";

/** Keeps a shadow stack for each guest thread. */
export default plugin(callstack, {
  description: "Tells calls and returns, and which functions each thread is in",
  requires: { machine, symbols },
  install({ machine, symbols, callbacks, report, summary }) {
    const { onCall, onReturn, onTailCall, onSwitch } = callbacks;
    const threads: (ShadowThread | undefined)[] = [];
    let ids = 0;
    let calls = 0;
    let unwound = 0;
    let deepest = 0;
    const tell: Tell = {
      called(cpu, frame) {
        calls++;
        if (frame.index >= deepest) deepest = frame.index + 1;
        onCall.run(cpu, frame);
      },
      left(cpu, frame, how) {
        if (how === "unwound") unwound++;
        onReturn.run(cpu, frame, how);
      },
      tailCalled: (cpu, frame, before) => onTailCall.run(cpu, frame, before),
      switched: (cpu) => onSwitch.run(cpu),
    };
    const newId = (): number => ++ids;
    const cloning = watchClones(machine);

    /** A thread that begins with the stack of its parent, or one of its own, of which nothing is known until it calls. */
    function begin(cpu: Cpu): ShadowThread {
      const { parent, sameStack } = cloning() ?? {};
      const forked = parent && sameStack ? threads[parent.index] : undefined;
      const sp = parent ? Number.NaN : cpu.registers.readNumber("sp");
      const thread =
        forked?.copy(cpu) ?? new ShadowThread(cpu, tell, newId, new ShadowStack(newId(), cpu.pc, sp));
      threads[cpu.index] = thread;
      onSwitch.run(cpu);
      return thread;
    }
    const threadOf = (cpu: Cpu): ShadowThread => threads[cpu.index] ?? begin(cpu);

    machine.vcpus.initialized.register((cpu) => void begin(cpu));
    machine.vcpus.exited.register((cpu) => {
      threads[cpu.index]?.end();
      threads[cpu.index] = undefined;
    });

    const calling = machine.instructions.where(({ isCall }) => isCall);
    calling
      .where(({ name }) => name === "jal")
      .executed.register((cpu, instruction) => {
        const { pc, size } = instruction;
        threadOf(cpu).call(pc, pc + size, directTarget(instruction), cpu.registers.readNumber("sp"));
      });
    calling
      .where(({ name }) => name !== "jal")
      .executed.register((cpu, instruction) => {
        const { pc, size } = instruction;
        const { registers } = cpu;
        threadOf(cpu).call(pc, pc + size, indirectTarget(instruction, registers), registers.readNumber("sp"));
      });
    machine.instructions
      .where(({ isReturn }) => isReturn)
      .executed.register((cpu, instruction) => {
        const { registers } = cpu;
        const target = indirectTarget(instruction, registers);
        threadOf(cpu).return(target, registers.readNumber("sp"), isThroughT0(instruction));
      });

    // Jumps that leave a function for the start of another one, and those that go on with another stack.
    const entries = new Map<number, boolean>();
    function entryAt(address: number): boolean {
      const known = entries.get(address);
      if (known !== undefined) return known;
      const offset = machine.program.symbolAt(address)?.offset ?? symbols.lookup(address)?.offset;
      entries.set(address, offset === 0);
      return offset === 0;
    }
    const forget = (): void => entries.clear();
    machine.processChanged.register(forget);
    symbols.objectLoaded.register(forget);
    symbols.objectUnloaded.register(forget);
    const jumping = machine.instructions.where((i) => i.isJump && !i.isCall && !i.isReturn);
    jumping
      .where((i) => i.name === "jal" && leavesFor(i, directTarget(i)))
      .executed.register((cpu, instruction) => threadOf(cpu).tailCall(directTarget(instruction)), {
        registers: "none",
      });
    jumping
      .where(({ name }) => name !== "jal")
      .executed.register((cpu, instruction) => {
        const { registers } = cpu;
        const target = indirectTarget(instruction, registers);
        const thread = threadOf(cpu);
        if (thread.arriving) thread.jump(target, registers.readNumber("sp"));
        else if (entryAt(target)) thread.tailCall(target);
      });
    function leavesFor({ pc }: Instruction, target: number): boolean {
      if (!entryAt(target)) return false;
      const from = machine.program.symbolAt(pc) ?? symbols.lookup(pc);
      return from === undefined || pc - from.offset !== target;
    }

    machine.instructions
      .where((instruction) => stackMove(instruction) !== undefined)
      .executed.register((cpu, instruction) => {
        const move = stackMove(instruction);
        const { registers } = cpu;
        const to = move && movedTo(move, registers, (address) => readWord(machine.memory, address));
        if (to !== undefined) threadOf(cpu).move(instruction.pc, registers.readNumber("sp"), to);
      });

    machine.discontinuities.register(({ cpu, from, to }) => {
      if (to !== undefined) threadOf(cpu).signal(from, to, cpu.registers.readNumber("sp"));
    });
    machine.syscalls
      .where(({ name }) => name === "rt_sigreturn")
      .returned.register(({ cpu }) => threadOf(cpu).signalReturn(cpu.pc, cpu.registers.readNumber("sp")));
    machine.syscalls
      .where(({ name }) => name === "execve" || name === "execveat")
      .returned.register(({ cpu, result }) => {
        if (result >= 0) threadOf(cpu).renew(cpu.pc, cpu.registers.readNumber("sp"));
      });

    report(() => ({ calls, unwound, deepest }));
    summary(() => `${calls} calls, ${deepest} frames deep at most, ${unwound} left without a return`);
    return {
      stack: (vcpu) => threads[vcpu]?.stack.frames() ?? [],
      depth: (vcpu) => threads[vcpu]?.stack.depth ?? 0,
      top: (vcpu) => threads[vcpu]?.stack.top,
      stackId: (vcpu) => threads[vcpu]?.stack.id ?? 0,
    };
  },
});
