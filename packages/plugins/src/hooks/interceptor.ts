import type { Imports } from "@qpp/core";
import type { Cpu, Instruction, machine } from "@qpp/emulator/contract";
import type { Subscription } from "rxjs";
import type { callstack } from "../callstack/contract.js";
import type { symbols } from "../symbols/contract.js";
import type { Hook, HookedCall, HookedResult, HookListener, WordValue } from "./contract.js";
import { createPending } from "./pending.js";
import { argumentsOf, asWord, resultOf } from "./registers.js";
import { type Target, targetOf } from "./targets.js";

/** What hooks are made of. */
export interface Parts {
  readonly machine: Imports<typeof machine>;
  readonly callstack: Imports<typeof callstack>;
  readonly symbols: Imports<typeof symbols>;
  /** Told of a hook that threw, and was taken back. */
  failed(target: string | number, error: unknown): void;
}

interface SetHook {
  readonly isAt: Target;
  /** Gives what is to be called when the call ends. */
  enter(call: HookedCall): Leaving | undefined;
  readonly replace: ((call: HookedCall) => WordValue | undefined) | undefined;
}

type Leaving = (result: HookedResult | undefined) => void;

/** Sets hooks, and takes them back. */
export function createInterceptor({ machine, callstack, symbols, failed }: Parts): {
  attach<State>(target: string | number, listener: HookListener<State>): Hook;
  replace(target: string | number, implementation: (call: HookedCall) => WordValue | undefined): Hook;
} {
  let all: readonly SetHook[] = [];
  let atEntries: Subscription | undefined;
  let known = new WeakMap<Instruction, readonly SetHook[]>();
  const leaving = createPending<Leaving>();
  /** Those that end with the return that each vCPU is about to execute; how many is its entry of the scoreboard. */
  const ending: Leaving[][] = [];
  const isEnding = machine.scoreboards.create(1).entry(0);
  const returns = new Set<number>();

  function hooksAt(instruction: Instruction): readonly SetHook[] {
    const found = known.get(instruction) ?? all.filter((hook) => hook.isAt(instruction.pc));
    known.set(instruction, found);
    return found;
  }

  function enter(cpu: Cpu, instruction: Instruction): void {
    const { pc } = instruction;
    const frame = callstack.top(cpu.index);
    const call: HookedCall = {
      name: symbols.lookup(pc)?.name ?? `0x${pc.toString(16)}`,
      address: pc,
      returnAddress: cpu.registers.readNumber("ra"),
      depth: frame?.index ?? 0,
      cpu,
      string: (address) => machine.memory.readString(address),
      ...argumentsOf(cpu, machine.memory),
    };
    const hooks = hooksAt(instruction);
    for (const hook of hooks) {
      const leave = hook.enter(call);
      if (leave !== undefined) leaving.add(callstack.stackId(cpu.index), call.depth, leave);
    }
    const replacing = hooks.find(({ replace }) => replace !== undefined);
    const value = replacing?.replace?.(call);
    if (replacing === undefined || !all.includes(replacing)) return;
    if (value !== undefined) cpu.registers.write("a0", asWord(value));
    cpu.setPc(returnIn(pc) ?? call.returnAddress);
  }

  /** An instruction that returns, of the function at an address: whoever watches returns sees it executed. */
  function returnIn(start: number): number | undefined {
    const size = symbols.lookup(start)?.size ?? 0;
    const code = machine.memory.read(start, size);
    if (code === undefined) return undefined;
    for (let at = 0; at + 2 <= size; at += 2) {
      if (code[at] === C_RET[0] && code[at + 1] === C_RET[1]) return start + at;
    }
    return undefined;
  }

  function renew(hooks: readonly SetHook[]): void {
    atEntries?.unsubscribe();
    all = hooks;
    known = new WeakMap();
    if (all.length === 0) return;
    atEntries = machine.instructions
      .where((instruction) => hooksAt(instruction).length > 0)
      .executed.register(enter, { registers: "write-pc" });
  }

  callstack.onReturn.register((cpu, frame, how) => {
    const mine = leaving.take(callstack.stackId(cpu.index), frame.index);
    if (mine.length === 0) return;
    if (how !== "returned" || !returns.has(cpu.pc)) {
      for (const leave of mine) leave(undefined);
      return;
    }
    ending[cpu.index] = mine;
    isEnding.set(cpu.index, mine.length);
  });
  machine.instructions
    .where(({ isReturn, pc }) => {
      if (isReturn) returns.add(pc);
      return isReturn;
    })
    .executed.when(isEnding, "ne", 0)
    .register(
      (cpu) => {
        isEnding.set(cpu.index, 0);
        const result = resultOf(cpu);
        for (const leave of ending[cpu.index] ?? []) leave(result);
        ending[cpu.index] = [];
      },
      { registers: "write" },
    );

  function set(
    target: string | number,
    make: (run: <T>(action: () => T) => T | undefined) => Omit<SetHook, "isAt">,
  ): Hook {
    const isAt = targetOf(target, symbols);
    let isSet = true;
    const detach = (): void => {
      if (!isSet) return;
      isSet = false;
      renew(all.filter((each) => each !== hook));
    };
    const hook: SetHook = {
      isAt,
      ...make((action) => {
        if (!isSet) return undefined;
        try {
          return action();
        } catch (error) {
          detach();
          failed(target, error);
          return undefined;
        }
      }),
    };
    renew([...all, hook]);
    return { detach };
  }

  return {
    attach: (target, { onEnter, onLeave }) =>
      set(target, (run) => ({
        replace: undefined,
        enter(call) {
          const state = run(() => onEnter?.(call));
          return onLeave && ((result) => run(() => onLeave(call, result, state)));
        },
      })),
    replace: (target, implementation) =>
      set(target, (run) => ({
        enter: () => undefined,
        replace: (call) => run(() => implementation(call)),
      })),
  };
}

/** `c.jr ra` */
const C_RET = [0x82, 0x80] as const;
