import type { Cpu } from "../contract/cpu.js";
import { cellsAddress, type HousedCells } from "../instrument/cells.js";
import type { RunningVcpu } from "../instrument/listening.js";
import type { Rings } from "../instrument/rings.js";
import type { Execution, Vcpu } from "../linux/execution.js";
import { MOST_VCPUS, RESERVATION_ADDRESS, VCPU_CELLS, VCPU_STATE, VCPU_STATE_END } from "../memory/layout.js";
import { createCpu } from "./cpu.js";
import type { Space } from "./space.js";
import { createThread, type Thread } from "./thread.js";

/** What threads work with. */
export interface ThreadParts {
  readonly cells: HousedCells;
  readonly rings: Rings;
  /** The address space that the first thread runs in. */
  readonly first: Space;
  readonly createSpace: () => Space;
  /** Whether plugins see all processes; if not, they see the first one alone. */
  readonly follow: boolean;
  /** A vCPU is there. */
  readonly initialized: (cpu: Cpu) => void;
  /** A vCPU's thread has ended; what it did has been handed over. */
  readonly exited: (cpu: Cpu) => void;
  /** Hands over what is recorded of the thread that has run so far. */
  readonly drain: () => void;
}

/** The vCPUs of a machine, and the address spaces that they run in. */
export interface Threads {
  /** For the kernel. */
  readonly execution: Execution;
  /** Those that are alive, by index. */
  readonly list: readonly Thread[];
  /** What is running, for those who tell of events. */
  readonly running: RunningVcpu;
  /** The one whose state is in the memory of its address space. */
  readonly current: Thread;
  readonly spaces: ReadonlySet<Space>;
  /** Instructions executed by all of them. */
  readonly executed: number;
  /** Makes a vCPU the current one. */
  switchTo(vcpu: Vcpu): void;
  /** Makes one that plugins see the current one, if there is one left. */
  switchToSeen(): void;
  /** Tells of the vCPUs whose threads have ended, and gives up what only they used. */
  settle(): void;
  /** The guest has ended: tells of all vCPUs that were there. Memory and registers can still be read. */
  end(): void;
}

/** Makes the first vCPU of a machine, which is current. */
export function createThreads(parts: ThreadParts): Threads {
  const { cells, rings, createSpace } = parts;
  const byIndex: (Thread | undefined)[] = [];
  const spaces = new Set([parts.first]);
  /** Threads in each address space. */
  const users = new Map<Space, number>();
  let leaving: Thread[] = [];
  /** Instructions executed when the current one began to run, by all; and on its engine. */
  let before = 0;
  let mark = 0;

  const ran = (): number => current.space.engine.executed - mark;

  function cpuOf(thread: Thread): Cpu {
    return createCpu(
      thread,
      () => thread.executed + (thread === current ? ran() : 0),
      () => running,
    );
  }

  /** The lowest index that nobody has. */
  function freeIndex(): number {
    const free = byIndex.indexOf(undefined);
    return free < 0 ? byIndex.length : free;
  }

  function add(space: Space, seen: boolean): Thread {
    const index = freeIndex();
    const thread = createThread(index, space, seen, cpuOf);
    byIndex[index] = thread;
    users.set(space, (users.get(space) ?? 0) + 1);
    cells.house(index, space.memory);
    return thread;
  }

  function leaveSpace(space: Space): void {
    const left = (users.get(space) ?? 1) - 1;
    users.set(space, left);
    if (left > 0) return;
    users.delete(space);
    spaces.delete(space);
    space.memory.reset();
    cells.vacate(space.memory);
  }

  function drop(thread: Thread): void {
    byIndex[thread.index] = undefined;
    leaveSpace(thread.space);
  }

  /** The thread behind a vCPU of ours. */
  function threadOf(vcpu: Vcpu): Thread {
    const thread = byIndex[vcpu.index];
    if (thread !== vcpu) throw new TypeError(`vCPU ${vcpu.index} is none of this machine's, or has gone`);
    return thread;
  }

  function begin(thread: Thread): void {
    const { space } = thread;
    current = thread;
    mark = space.engine.executed;
    running.cpu = thread.cpu;
    running.space = space;
    rings.enter(space.memory);
    space.memory.enter();
    space.memory.view.setUint32(VCPU_CELLS, cellsAddress(thread.index), true);
    thread.load();
  }

  function pause(): void {
    const insns = ran();
    before += insns;
    mark += insns;
    current.executed += insns;
    parts.drain();
    if (current.running) current.save();
    current.memory.leave();
  }

  /** A copy of an address space; undefined if there is no memory left for it. */
  function copySpace(of: Thread): Space | undefined {
    const space = createSpace();
    const copied = space.memory.copyFrom(of.memory);
    if (of === current) of.memory.enter();
    if (copied) spaces.add(space);
    else space.memory.reset();
    return copied ? space : undefined;
  }

  function switchTo(thread: Thread): void {
    if (thread === current) return;
    pause();
    begin(thread);
  }

  const execution: Execution = {
    first: () => current,
    clone(like, sharesMemory, sameProcess) {
      const parent = threadOf(like);
      // First all that may fail: a vCPU that there has been counts for ever.
      if (freeIndex() === MOST_VCPUS) return undefined;
      const space = sharesMemory ? parent.space : copySpace(parent);
      if (space === undefined) return undefined;
      const thread = add(space, parts.follow || (parent.seen && sameProcess));
      copyState(parent.state, thread.state);
      if (thread.seen) parts.initialized(thread.cpu);
      return thread;
    },
    renew(vcpu, alone) {
      const thread = threadOf(vcpu);
      if (alone) {
        thread.memory.reset();
        thread.space.markStale();
      } else {
        const { space } = thread;
        const isCurrent = thread === current;
        if (isCurrent) {
          pause();
          space.engine.stop();
        }
        thread.space = createSpace();
        spaces.add(thread.space);
        users.set(thread.space, 1);
        cells.house(thread.index, thread.memory);
        leaveSpace(space);
        if (isCurrent) begin(thread);
      }
      new Uint8Array(thread.state.buffer, VCPU_STATE, VCPU_STATE_END - VCPU_STATE).fill(0);
      thread.state.setBigInt64(RESERVATION_ADDRESS, -1n, true);
    },
    remove(vcpu) {
      leaving.push(threadOf(vcpu));
    },
  };

  const first = add(parts.first, true);
  let current = first;
  const running: RunningVcpu = { current: undefined, cpu: first.cpu, space: first.space };
  begin(first);

  return {
    execution,
    get list() {
      return byIndex.filter((thread) => thread !== undefined);
    },
    running,
    get current() {
      return current;
    },
    spaces,
    get executed() {
      return before + ran();
    },
    switchTo(vcpu) {
      switchTo(threadOf(vcpu));
    },
    switchToSeen() {
      const seen = current.seen ? current : byIndex.find((thread) => thread?.seen);
      if (seen) switchTo(seen);
    },
    settle() {
      if (leaving.length === 0) return;
      parts.drain();
      const gone = leaving;
      leaving = [];
      for (const thread of gone) {
        if (thread.seen) parts.exited(thread.cpu);
        drop(thread);
      }
    },
    end() {
      for (const thread of [...new Set([...leaving, ...byIndex])]) if (thread?.seen) parts.exited(thread.cpu);
      byIndex.fill(undefined);
    },
  };
}

function copyState(from: DataView, to: DataView): void {
  new Uint8Array(to.buffer, VCPU_STATE, VCPU_STATE_END - VCPU_STATE).set(
    new Uint8Array(from.buffer, VCPU_STATE, VCPU_STATE_END - VCPU_STATE),
  );
}
