import type { Cpu } from "@qpp/emulator/contract";
import type { Departure, Frame } from "./contract.js";
import { ShadowStack } from "./shadow-stack.js";

/** Told what happens to a thread's frames, in the order of the contract's callbacks. */
export interface Tell {
  called(cpu: Cpu, frame: Frame): void;
  left(cpu: Cpu, frame: Frame, how: Departure): void;
  tailCalled(cpu: Cpu, frame: Frame, before: number): void;
  switched(cpu: Cpu): void;
}

/**
 * The stacks of one thread: the present one, and those of coroutines that wait.
 *
 * What identifies a frame is the address that it returns to together with the stack pointer at its call, which the calling
 * convention has the callee restore. A call or return that fits the innermost frame is taken for what it looks like, at
 * once. Whatever does not fit is settled by the stack pointer: frames called from below it are gone.
 */
export class ShadowThread {
  readonly #cpu: Cpu;
  readonly #tell: Tell;
  readonly #newId: () => number;
  readonly #waiting: ShadowStack[] = [];
  #stack: ShadowStack;
  /** The stack pointer was loaded with another value: the next indirect jump is to what goes on there. */
  #arriving = false;

  constructor(cpu: Cpu, tell: Tell, newId: () => number, stack: ShadowStack) {
    this.#cpu = cpu;
    this.#tell = tell;
    this.#newId = newId;
    this.#stack = stack;
  }

  /** The present stack. */
  get stack(): ShadowStack {
    return this.#stack;
  }

  /** The same stacks, for a process that was made as a copy of this one. */
  copy(cpu: Cpu): ShadowThread {
    const copy = new ShadowThread(cpu, this.#tell, this.#newId, this.#stack.copy(this.#newId()));
    for (const stack of this.#waiting) copy.#waiting.push(stack.copy(this.#newId()));
    return copy;
  }

  /** The instruction at `callSite` calls `target`. */
  call(callSite: number, returnAddress: number, target: number, sp: number): void {
    const stack = this.#stack;
    // Also true for NaN: nothing is known of a handler's stack, or a thread's, before it first calls.
    if (sp > stack.top.sp || !(sp <= stack.base)) this.#settle(sp);
    this.#arriving = false;
    this.#tell.called(this.#cpu, stack.push("call", target, callSite, returnAddress, sp));
  }

  /** Control goes to `target` by an instruction that returns; `millicode` if through t0, whose callee may have moved sp. */
  return(target: number, sp: number, millicode: boolean): void {
    const { top } = this.#stack;
    if (top.returnAddress === target && (top.sp === sp || millicode) && top.kind === "call") {
      this.#arriving = false;
      this.#leave("returned");
    } else this.#arrive(target, sp);
  }

  /** Control goes to `target` by an indirect jump that is no return. Gives whether it was one all the same. */
  jump(target: number, sp: number): boolean {
    if (!this.#arriving) return false;
    this.#arrive(target, sp);
    return true;
  }

  /** Whether the next indirect jump may be a return, for which the stack pointer has to be known. */
  get arriving(): boolean {
    return this.#arriving;
  }

  /** The innermost function goes on as another one. */
  tailCall(target: number): void {
    const { top } = this.#stack;
    const before = top.function;
    if (before === target) return;
    top.function = target;
    this.#tell.tailCalled(this.#cpu, top, before);
  }

  /** A signal's handler is about to run. */
  signal(interrupted: number, handler: number, sp: number): void {
    this.#arriving = false;
    this.#tell.called(this.#cpu, this.#stack.push("signal", handler, interrupted, interrupted, sp));
  }

  /** rt_sigreturn(2) has restored what a signal had interrupted, or what the handler has made of that. */
  signalReturn(pc: number, sp: number): void {
    const stack = this.#stack;
    let index = stack.depth - 1;
    while (index > 0 && stack.at(index).kind !== "signal") index--;
    if (index <= 0) return;
    const { returnAddress, sp: interruptedSp } = stack.at(index);
    this.#unwindTo(index + 1);
    this.#leave("returned");
    if (pc === returnAddress && sp === interruptedSp) return;
    this.move(pc, interruptedSp, sp);
    this.#arrive(pc, sp);
  }

  /** The instruction at `pc` gives the stack pointer a value that is not made of its present one. */
  move(pc: number, from: number, to: number): void {
    const stack = this.#stack;
    if (Number.isNaN(stack.base)) return;
    // Back from what it had grown by itself: arrays of variable length.
    if (to >= from && to < stack.top.sp) return;
    this.#arriving = true;
    const reached = stack.regionOf(to);
    if (reached > 0) {
      this.#unwindTo(reached);
      return;
    }
    const other = this.#waiting.findIndex((waiting) => waiting.regionOf(to) > 0);
    const [resumed = new ShadowStack(this.#newId(), pc, to)] =
      other < 0 ? [] : this.#waiting.splice(other, 1);
    this.#waiting.push(stack);
    this.#stack = resumed;
    this.#tell.switched(this.#cpu);
    if (other >= 0) this.#unwindTo(resumed.regionOf(to));
  }

  /** Another program is executed, and begins at `pc`. */
  renew(pc: number, sp: number): void {
    this.end();
    this.#arriving = false;
    this.#stack = new ShadowStack(this.#newId(), pc, sp);
    this.#tell.switched(this.#cpu);
  }

  /** The thread, or its program, has ended. */
  end(): void {
    for (const stack of [this.#stack, ...this.#waiting.splice(0)]) {
      if (stack !== this.#stack) {
        this.#stack = stack;
        this.#tell.switched(this.#cpu);
      }
      while (stack.depth > 0) this.#leave("ended");
    }
  }

  /** A call from where the stack pointer is now: what has been called from below is gone. */
  #settle(sp: number): void {
    const stack = this.#stack;
    stack.reach(sp);
    while (stack.top.kind === "call" && stack.top.sp < sp) this.#leave("unwound");
  }

  /**
   * Control goes back, or elsewhere: to where an outer frame returns; or to a function that goes on though nothing returns
   * to it, as after longjmp, in the handler of an exception, or in a coroutine that begins.
   */
  #arrive(target: number, sp: number): void {
    const arriving = this.#arriving;
    this.#arriving = false;
    const stack = this.#stack;
    const found = stack.findReturn(target, sp);
    if (found > 0) {
      this.#unwindTo(found + 1);
      this.#leave("returned");
      return;
    }
    stack.reach(sp);
    const { top } = stack;
    // A callee that has not restored the stack pointer has returned all the same.
    if (top.kind === "call" && top.returnAddress === target) {
      this.#leave("returned");
      return;
    }
    while (stack.top.kind === "call" && stack.top.sp <= sp) this.#leave("unwound");
    // A stack that is new, or used again from its start.
    if (arriving && stack.depth === 1 && stack.top.sp <= sp) this.tailCall(target);
  }

  #unwindTo(depth: number): void {
    while (this.#stack.depth > depth) this.#leave("unwound");
  }

  #leave(how: Departure): void {
    const stack = this.#stack;
    this.#tell.left(this.#cpu, stack.top, how);
    stack.pop();
  }
}
