import { block, type FakeMachine } from "@qpp/emulator/testing";
import fc from "fast-check";

/** Where functions begin. */
export const FUNCTIONS: readonly number[] = [0x1_0000, 0x1_1000, 0x1_2000, 0x1_3000];
const STACK_BYTES = 0x1_0000;
const RT_SIGRETURN = 139;
/** What the kernel puts below what a signal interrupts, at least. */
const SIGNAL_FRAME = 1184;
/** Where contexts are saved. */
const CONTEXT = 0x4_0000;

/** Something that a thread does; it is left out where it is not possible. */
export type Step =
  | { readonly kind: "call"; readonly fn: number; readonly bytes: number; readonly indirect: boolean }
  | { readonly kind: "tail call"; readonly fn: number; readonly indirect: boolean }
  | { readonly kind: "return" }
  | { readonly kind: "longjmp"; readonly to: number }
  | { readonly kind: "signal"; readonly fn: number; readonly ownStack: boolean }
  | { readonly kind: "swapcontext"; readonly stack: number; readonly fn: number };

const fn = fc.nat({ max: FUNCTIONS.length - 1 });
const bytes = fc.nat({ max: 20 }).map((n) => 16 * n);

/** Steps of the thread on a vCPU. */
export const steps: fc.Arbitrary<{ vcpu: number; step: Step }[]> = fc.array(
  fc.record({
    vcpu: fc.nat({ max: 1 }),
    step: fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("call"), fn, bytes, indirect: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("tail call"), fn, indirect: fc.boolean() }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("return") }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("longjmp"), to: fc.nat({ max: 8 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("signal"), fn, ownStack: fc.boolean() }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("swapcontext"), stack: fc.nat({ max: 2 }), fn }),
      },
    ) as fc.Arbitrary<Step>,
  }),
  { maxLength: 60 },
);

/** A function that was entered and not left, as it knows itself. */
interface Activation {
  fn: number;
  sp: number;
  /** The stack pointer of its caller. */
  readonly upper: number;
  readonly returnAddress: number;
  readonly handler: boolean;
}

/** What the registers shall hold when the next block begins. */
export type Registers = Map<string, number>;

/**
 * A guest's thread that does to its stack what programs do, one instruction at a time where a shadow stack has to look; and
 * that knows which functions it is in, because it has entered them itself.
 */
export class GuestThread {
  readonly #fake: FakeMachine;
  readonly #registers: Registers;
  readonly #vcpu: number;
  readonly #stacks = new Map<number, Activation[]>();
  #current = 0;
  #pc = 0;

  constructor(fake: FakeMachine, registers: Registers, vcpu: number) {
    this.#fake = fake;
    this.#registers = registers;
    this.#vcpu = vcpu;
    const sp = this.#end(0);
    this.#stacks.set(0, [{ fn: -1, sp, upper: sp, returnAddress: 0, handler: false }]);
    registers.set("sp", sp);
    fake.execute(block(0xf000, ["addi a0,a0,0"]), vcpu);
  }

  /** Numbers of the functions that it is in, the innermost first; -1 for where it began. */
  get functions(): readonly number[] {
    return this.#active.map((each) => each.fn).reverse();
  }

  get #active(): Activation[] {
    return this.#stacks.get(this.#current) ?? [];
  }

  get #top(): Activation {
    const top = this.#active.at(-1);
    if (top === undefined) throw new Error("a thread is always in a function");
    return top;
  }

  /** Where a stack ends: those of coroutines are above that of the thread and below it. */
  #end(stack: number): number {
    return 0x9000_0000 + (this.#vcpu * 4 + ([2, 1, 3][stack] ?? 4)) * STACK_BYTES;
  }

  #run(line: string, registers: Readonly<Record<string, number>>): void {
    this.#registers.clear();
    for (const [name, value] of Object.entries(registers)) this.#registers.set(name, value);
    this.#fake.execute(block(this.#pc, [line]), this.#vcpu);
    this.#pc += 4;
  }

  /** A function that calls has made room for its return address. */
  #frame(): number {
    const top = this.#top;
    if (top.sp === top.upper) top.sp -= 16;
    return top.sp;
  }

  do(step: Step, at: number): void {
    this.#pc = (FUNCTIONS[Math.max(this.#top.fn, 0)] ?? 0) + 64 + 32 * at;
    switch (step.kind) {
      case "call":
        this.#call(step.fn, step.bytes, step.indirect);
        break;
      case "tail call":
        if (this.#top.fn !== step.fn && this.#active.length > 1) this.#tailCall(step.fn, step.indirect);
        break;
      case "return":
        if (this.#active.length > 1) this.#return();
        break;
      case "longjmp":
        this.#longjmp(step.to);
        break;
      case "signal":
        this.#signal(step.fn, step.ownStack);
        break;
      case "swapcontext":
        if (step.stack !== this.#current) this.#swapcontext(step.stack, step.fn);
    }
  }

  #call(called: number, size: number, indirect: boolean): void {
    const entry = FUNCTIONS[called] ?? 0;
    const upper = this.#frame();
    if (indirect) this.#run("jalr ra,8(a5)", { sp: upper, a5: entry - 8 });
    else this.#run(`jal ra,0x${entry.toString(16)}`, { sp: upper });
    this.#active.push({ fn: called, sp: upper - size, upper, returnAddress: this.#pc, handler: false });
  }

  #tailCall(called: number, indirect: boolean): void {
    const top = this.#top;
    const entry = FUNCTIONS[called] ?? 0;
    if (indirect) this.#run("jalr zero,0(a5)", { sp: top.upper, a5: entry });
    else this.#run(`jal zero,0x${entry.toString(16)}`, { sp: top.upper });
    top.fn = called;
    top.sp = top.upper;
  }

  #return(): void {
    const { upper, returnAddress, handler } = this.#top;
    this.#active.pop();
    if (handler) this.#signalReturn(upper, returnAddress);
    else this.#run("jalr zero,0(ra)", { sp: upper, ra: returnAddress });
  }

  /** The handler returns to code that calls rt_sigreturn(2), which restores registers: here it has done so before. */
  #signalReturn(upper: number, interrupted: number): void {
    this.#run("jalr zero,0(ra)", { sp: upper, ra: 0xbf00_1000 });
    this.#pc = interrupted;
    this.#run("ecall", { sp: this.#top.sp });
    const vcpu = this.#vcpu;
    this.#fake.emit({ kind: "syscall-entered", vcpu, pc: interrupted, number: RT_SIGRETURN, args: [] });
    this.#fake.emit({ kind: "syscall-returned", vcpu, result: 0 });
  }

  #longjmp(to: number): void {
    this.#frame();
    const target = this.#active.at(-1 - to);
    // One that has not made room for its return address has not called setjmp.
    if (target === undefined || target.sp === target.upper) return;
    this.#call(0, 0, false);
    const from = this.#top.sp;
    this.#active.length = this.#active.length - 1 - to;
    this.#jump(from, target.sp, this.#pc + 0x800, "jalr zero,0(ra)");
  }

  /** Loads the stack pointer, and goes on elsewhere. */
  #jump(from: number, sp: number, target: number, line: string): void {
    this.#fake.memory.set(CONTEXT, new Uint8Array(new BigUint64Array([BigInt(sp)]).buffer));
    this.#run("ld sp,0(a0)", { sp: from, a0: CONTEXT });
    this.#run(line, { sp, ra: target, t1: target });
  }

  #signal(handler: number, ownStack: boolean): void {
    const { sp } = this.#top;
    const alternate = this.#end(3);
    // The one stack for signals is used by one handler after the other.
    const base = ownStack && this.#alternateIsFree() ? alternate : sp;
    this.#run("addi a0,a0,0", { sp });
    const to = FUNCTIONS[handler] ?? 0;
    const [vcpu, from] = [this.#vcpu, this.#pc];
    this.#fake.emit({ kind: "discontinuity", vcpu, type: "interrupt", from, to, signal: "SIGUSR1" });
    const upper = base - SIGNAL_FRAME;
    this.#active.push({ fn: handler, sp: upper, upper, returnAddress: from, handler: true });
  }

  #alternateIsFree(): boolean {
    const alternate = this.#end(3);
    const all = [...this.#stacks.values()].flat();
    return all.every(({ sp }) => sp > alternate || sp <= alternate - STACK_BYTES);
  }

  #swapcontext(stack: number, entry: number): void {
    this.#call(0, 0, false);
    const from = this.#top.sp;
    this.#current = stack;
    const waiting = this.#active.pop();
    if (waiting !== undefined) {
      this.#jump(from, waiting.upper, waiting.returnAddress, "jalr zero,0(t1)");
      return;
    }
    const sp = this.#end(stack);
    this.#stacks.set(stack, [{ fn: entry, sp, upper: sp, returnAddress: 0, handler: false }]);
    this.#jump(from, sp, FUNCTIONS[entry] ?? 0, "jalr zero,0(t1)");
  }
}
