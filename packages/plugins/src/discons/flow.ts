import type { Block, Discontinuity, Instruction } from "@qpp/emulator/contract";
import { hex } from "../text.js";

/** What was checked. */
export interface FlowResult {
  readonly discontinuities: number;
  /** Discontinuities before which it was known where they must come from. */
  readonly sources: number;
  /** Discontinuities after which it was seen where execution went on. */
  readonly targets: number;
  readonly mismatches: number;
}

/** Follows each vCPU's instructions, and holds discontinuities against them. */
export interface Flow {
  translated(block: Block): void;
  executed(vcpu: number, instruction: Instruction): void;
  broken(discontinuity: Discontinuity): void;
  /** A thread has ended; another one may get its vCPU's number. */
  exited(vcpu: number): void;
  result(): FlowResult;
}

/** What is known of one vCPU. */
interface State {
  /** Address of the instruction that was begun last. */
  last: number;
  /** Where the next instruction is, unless the flow is broken: unknown behind the last one of a block. */
  following: number | undefined;
  /** The discontinuity that came after it. */
  pending: Discontinuity | undefined;
}

/** @param mismatch told of each address that is wrong */
export function createFlow(mismatch: (message: string) => void): Flow {
  const states = new Map<number, State>();
  const lasts = new WeakSet<Instruction>();
  const counts = { discontinuities: 0, sources: 0, targets: 0, mismatches: 0 };

  const stateOf = (vcpu: number): State => {
    let state = states.get(vcpu);
    if (state === undefined) {
      state = { last: -1, following: undefined, pending: undefined };
      states.set(vcpu, state);
    }
    return state;
  };
  const compare = (
    what: "source" | "target",
    { cpu, kind }: Discontinuity,
    found: number,
    expected: number | undefined,
  ): void => {
    if (found === expected) return;
    counts.mismatches++;
    const known = expected === undefined ? "nothing: the thread has ended" : hex(expected);
    mismatch(
      `Discon ${what} PC mismatch on VCPU ${cpu.index}: expected ${known}, encountered ${hex(found)}, ` +
        `executed last ${hex(stateOf(cpu.index).last)}, event type ${kind}`,
    );
  };

  return {
    translated({ instructions }) {
      const last = instructions.at(-1);
      if (last) lasts.add(last);
    },
    executed(vcpu, instruction) {
      const state = stateOf(vcpu);
      const { pending } = state;
      if (pending !== undefined) {
        counts.targets++;
        state.pending = undefined;
        compare("target", pending, instruction.pc, pending.to);
      }
      state.last = instruction.pc;
      state.following = lasts.has(instruction) ? undefined : instruction.pc + instruction.size;
    },
    broken(discontinuity) {
      const { cpu, kind, from } = discontinuity;
      const state = stateOf(cpu.index);
      counts.discontinuities++;
      // An instruction that faults has begun: it is the one that was executed last.
      const expected =
        kind === "exception" && from === state.last
          ? from
          : state.pending !== undefined
            ? state.pending.to
            : state.following;
      if (expected !== undefined) {
        counts.sources++;
        compare("source", discontinuity, from, expected);
      }
      state.pending = discontinuity;
      state.following = undefined;
    },
    exited: (vcpu) => void states.delete(vcpu),
    result: () => ({ ...counts }),
  };
}
