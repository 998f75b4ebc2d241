import { Exception } from "../isa/riscv/emitter.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { EXIT_CAUSE, EXIT_OPERATION, EXIT_VALUE, PC } from "../memory/layout.js";
import type { CachedBlock, CodeCache, Found } from "./code-cache.js";
import { Exit } from "./exit.js";
import type { Fuel } from "./fuel.js";
import { handlers } from "./handlers.js";
import { type Interpreter, type InterpreterHost, instantiateInterpreter } from "./module.js";
import { EntryField, Field, MOST_FUEL, OPERATION_SIZE } from "./operation.js";

/** What the engine cannot do itself. */
export interface EngineHost extends Omit<InterpreterHost, "codeWrite"> {
  /** The guest made a system call at this pc; gives where execution goes on. */
  syscall(pc: number): number;
  /** An instruction raised an exception; execution then goes on at {@link Engine.pc}, unless the host has stopped it. */
  exception(exception: Exception, pc: number, value: number): void;
  /** This block was executed often enough to be translated. */
  hot(block: CachedBlock): void;
  /** A callback threw. If it returns, execution goes on behind the callback, or at the pc that it gives. */
  callbackThrew(cause: unknown): number | undefined;
}

/** Runs one vCPU. */
export interface Engine {
  /** Where execution goes on. Exact while WebAssembly is not running, and in callbacks. */
  pc: number;
  /** Instructions executed: exact while WebAssembly is not running, and in callbacks (there: without the present instruction). */
  readonly executed: number;
  /**
   * Runs until {@link Engine.stop} is called or `limit` instructions have been executed in all: exactly that
   * many if `exact`, else up to the first block that would pass it.
   * @returns whether the limit was reached.
   */
  run(limit: number, exact: boolean): boolean;
  /** Ends the present run at the next block. */
  stop(): void;
  /** The interpreter's instance, which translated code works with. */
  readonly interpreter: Interpreter;
  /** Comes back to the engine's own loop at the next block, for example to throw stale blocks away. */
  interrupt(): void;
}

/** In place of an operation: the run is over. */
const STOP = -1;

/** Makes an engine that starts at whatever {@link Engine.pc} is set to. */
export function createEngine(memory: GuestMemory, cache: CodeCache, fuel: Fuel, host: EngineHost): Engine {
  const { view } = memory;
  let running = false;
  let stopped = false;
  /** A region has left the rest of its block to the interpreter. */
  let resuming = false;

  const interpreter = instantiateInterpreter(memory.wasm, {
    event: host.event,
    drain: host.drain,
    counter: host.counter,
    codeWrite: (address, bytes) => memory.releaseCode(address >>> 0, bytes),
  });

  const readPc = (): number => view.getUint32(PC, true) + view.getUint32(PC + 4, true) * 0x1_0000_0000;

  function writePc(pc: number): void {
    view.setUint32(PC, pc % 0x1_0000_0000, true);
    view.setUint32(PC + 4, Math.floor(pc / 0x1_0000_0000), true);
  }

  /** Gives back what the block of this operation has not executed. */
  function refundRest(operation: number): void {
    const { block, before } = cache.position(operation);
    fuel.refund(block.insns - before);
  }

  /** The operation to go on with, for a block looked up at the present pc; 0 if it cannot be fetched. */
  function enter(found: Found, pc: number): number {
    if ("operation" in found) return found.operation;
    host.exception(Exception.FETCH_FAULT, pc, found.fault);
    return 0;
  }

  function unwound(cause: unknown): number {
    const operation = view.getUint32(EXIT_OPERATION, true);
    running = false;
    const pc = host.callbackThrew(cause);
    if (pc !== undefined || stopped) {
      refundRest(operation);
      if (pc !== undefined) writePc(pc);
      return 0;
    }
    const handler = handlers[view.getUint16(operation + Field.HANDLER, true)];
    return operation + (handler?.size ?? OPERATION_SIZE);
  }

  function exception(cause: Exception, operation: number): void {
    refundRest(operation);
    const pc = view.getUint32(operation + Field.PC, true);
    writePc(pc);
    const value = view.getUint32(EXIT_VALUE, true) + view.getUint32(EXIT_VALUE + 4, true) * 0x1_0000_0000;
    host.exception(cause, pc, value);
  }

  /** What happens after the interpreter came back; gives the next operation, 0 to look {@link Engine.pc} up. */
  function exited(exact: boolean): number {
    const cause = view.getUint32(EXIT_CAUSE, true);
    const operation = view.getUint32(EXIT_OPERATION, true);
    switch (cause) {
      case Exit.LINK: {
        const target = view.getUint32(operation + Field.TAKEN_PC - Field.TAKEN_LINK, true);
        writePc(target);
        return enter(cache.follow(operation), target);
      }
      case Exit.LOOKUP:
      case Exit.CUT:
        return 0;
      case Exit.FUEL: {
        fuel.release();
        const { block } = cache.position(operation);
        writePc(block.pc);
        if (cache.stale || fuel.left >= block.insns) return 0;
        if (!exact || fuel.left === 0) return STOP;
        return enter(cache.cut(block.pc, fuel.left), block.pc);
      }
      case Exit.HOT: {
        const { block } = cache.position(operation);
        view.setUint32(operation + EntryField.DEMAND, block.insns, true);
        host.hot(block);
        return operation;
      }
      case Exit.RESUME:
        resuming = true;
        return operation;
      case Exception.ECALL: {
        const pc = view.getUint32(operation + Field.PC, true);
        writePc(pc);
        writePc(host.syscall(pc));
        return 0;
      }
      default:
        exception(cause as Exception, operation);
        return 0;
    }
  }

  /** Gives fuel up to `limit`, or as much as can be given at once; gives the count that it lasts for. */
  function grant(limit: number): number {
    const goal = Math.min(limit, fuel.used + MOST_FUEL);
    fuel.limit(goal);
    return goal;
  }

  const engine: Engine = {
    get pc() {
      return readPc();
    },
    set pc(pc) {
      writePc(pc);
    },
    get executed() {
      if (!running) return fuel.used;
      const { block, beforePc } = cache.position(view.getUint32(EXIT_OPERATION, true));
      return fuel.used - block.insns + beforePc;
    },
    stop() {
      stopped = true;
      fuel.hold();
    },
    interrupt: fuel.hold,
    interpreter,
    run(limit, exact) {
      stopped = false;
      let goal = grant(limit);
      let operation = 0;
      // A block is executed to its end, whoever is executing it.
      while (!stopped || resuming) {
        resuming = false;
        if (operation === 0) {
          const pc = readPc();
          operation = enter(cache.find(pc), pc);
          if (operation === 0) continue;
        }
        try {
          running = true;
          interpreter.run(operation);
          running = false;
          operation = exited(exact && goal === limit);
        } catch (cause) {
          if (!running) throw cause;
          operation = unwound(cause);
        }
        if (operation !== STOP) continue;
        if (goal === limit) return true;
        goal = grant(limit);
        operation = 0;
      }
      return false;
    },
  };
  return engine;
}
