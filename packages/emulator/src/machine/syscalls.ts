import type { Consumer } from "@qpp/core";
import type { Cpu } from "../contract/cpu.js";
import type {
  SyscallBatch,
  SyscallEntry,
  SyscallEvents,
  SyscallFilter,
  SyscallReturn,
  SyscallReturnBatch,
  SyscallSite,
} from "../contract/syscalls.js";
import { createHostEvents, type HostBatch, HostLanes, type HostTools } from "../instrument/host-lanes.js";
import { callGuarded, type Listening, ownedSubscription } from "../instrument/listening.js";
import { errnoName } from "../linux/errno.js";
import { syscallName } from "../linux/table.js";

/** A system call with the registers that it was made with. */
class Call implements SyscallEntry, SyscallSite {
  readonly cpu: Cpu;
  readonly pc: number;
  readonly number: number;
  /** Whether plugins see it. */
  readonly seen: boolean;
  readonly #registers: Uint32Array;
  #args: readonly number[] | undefined;

  constructor(cpu: Cpu, pc: number, number: number, seen: boolean, registers: Uint32Array) {
    this.cpu = cpu;
    this.seen = seen;
    this.pc = pc;
    this.number = number;
    this.#registers = registers;
  }

  get name(): string {
    return syscallName(this.number);
  }

  get args(): readonly number[] {
    this.#args ??= Array.from(
      { length: 8 },
      (_, i) => (this.#registers[2 * i] ?? 0) + (this.#registers[2 * i + 1] ?? 0) * 0x1_0000_0000,
    );
    return this.#args;
  }

  get rawArgs(): readonly bigint[] {
    return Array.from(
      { length: 8 },
      (_, i) => BigInt(this.#registers[2 * i] ?? 0) | (BigInt(this.#registers[2 * i + 1] ?? 0) << 32n),
    );
  }

  returned(result: number): SyscallReturn {
    const call = this;
    return {
      cpu: this.cpu,
      pc: this.pc,
      number: this.number,
      name: this.name,
      get args() {
        return call.args;
      },
      get rawArgs() {
        return call.rawArgs;
      },
      result,
      error: result < 0 && result > -4096 ? errnoName(-result) : undefined,
    };
  }
}

const A0_WORD = 20;

const entryBatch: HostBatch<SyscallEntry, SyscallBatch & { length: number }> = {
  create: (capacity, vcpu) => ({
    length: 0,
    vcpu,
    pc: new Uint32Array(capacity),
    number: new Int32Array(capacity),
  }),
  put(batch, at, call) {
    batch.pc[at] = call.pc;
    batch.number[at] = call.number;
  },
};

const returnBatch: HostBatch<SyscallReturn, SyscallReturnBatch & { length: number }> = {
  create: (capacity, vcpu) => ({
    length: 0,
    vcpu,
    pc: new Uint32Array(capacity),
    number: new Int32Array(capacity),
    result: new Float64Array(capacity),
  }),
  put(batch, at, call) {
    entryBatch.put(batch, at, call);
    batch.result[at] = call.result;
  },
};

/** The events of all system calls, and who answers them. */
export interface Syscalls {
  /** Tells that a call is being made, by one who is seen. */
  enter(cpu: Cpu, pc: number, number: number, seen: boolean, registers: Uint32Array): Call;
  /** A plugin's answer, if one gives it. */
  answer(call: Call): number | undefined;
  /** Tells that a call came back. */
  leave(call: Call, result: number): void;
  /** Hands over what is in batches. */
  drain(): void;
  /** The events, for one consumer. */
  events(consumer: Consumer): SyscallEvents;
}

/** Makes the system-call events of a machine. */
export function createSyscalls(tools: HostTools): Syscalls {
  const entered = createHostEvents<SyscallEntry, SyscallSite>();
  const returned = createHostEvents<SyscallReturn, SyscallSite>();
  const draining = new Set<() => void>();
  let filters: readonly SyscallFilter[] = [];

  function filter(consumer: Consumer, selected: (site: SyscallSite) => boolean, decide: SyscallFilter) {
    const listening: Listening = {
      consumer,
      where: "filter of machine.syscalls",
      registers: "write",
      live: true,
    };
    const entry: SyscallFilter = (call) =>
      callGuarded(tools.running, listening, () => {
        const answer = selected(call) ? decide(call) : undefined;
        if (answer === undefined || Number.isSafeInteger(answer)) return answer;
        throw new TypeError(`a filter answers with a whole number or undefined; got ${String(answer)}`);
      });
    filters = [...filters, entry];
    return ownedSubscription(consumer, { to: "machine.syscalls", lane: "filter" }, () => {
      filters = filters.filter((f) => f !== entry);
    });
  }

  return {
    enter(cpu, pc, number, seen, registers) {
      const call = new Call(cpu, pc, number, seen, registers.slice(A0_WORD, A0_WORD + 16));
      if (seen) entered.emit(call, call);
      return call;
    },
    answer(call) {
      if (!call.seen) return undefined;
      for (const decide of filters) {
        const answer = decide(call);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    leave(call, result) {
      if (call.seen) returned.emit(call.returned(result), call);
    },
    drain() {
      for (const drain of [...draining]) drain();
    },
    events(consumer) {
      const selecting = (selected: (site: SyscallSite) => boolean): SyscallEvents => ({
        where: (predicate) => selecting((site) => selected(site) && predicate(site)),
        entered: new HostLanes(
          "machine.syscalls.entered",
          entered,
          tools,
          consumer,
          selected,
          entryBatch,
          draining,
        ),
        returned: new HostLanes(
          "machine.syscalls.returned",
          returned,
          tools,
          consumer,
          selected,
          returnBatch,
          draining,
        ),
        filter: (decide) => filter(consumer, selected, decide),
      });
      return selecting(() => true);
    },
  };
}
