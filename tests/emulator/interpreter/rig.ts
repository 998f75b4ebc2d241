import { cellsAddress } from "../../../packages/emulator/src/instrument/cells.js";
import { type CodeCache, createCodeCache } from "../../../packages/emulator/src/interpreter/code-cache.js";
import { createEngine, type Engine } from "../../../packages/emulator/src/interpreter/engine.js";
import { createFuel, type Fuel } from "../../../packages/emulator/src/interpreter/fuel.js";
import type { Planner } from "../../../packages/emulator/src/interpreter/plan.js";
import { createGuestMemory, type GuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import {
  RESERVATION_ADDRESS,
  VCPU_CELLS,
  X_REGISTERS,
} from "../../../packages/emulator/src/memory/layout.js";
import { type Assembled, assemble, DATA, DATA_SIZE, type Item, TEXT } from "../machine/assemble.js";

const PAGE = 4096;
const READ_WRITE = 3;
const A7 = 17;
const EXIT_GROUP = 94;

/** An exception as the engine's host is told of it. */
export interface Raised {
  readonly exception: number;
  readonly pc: number;
  readonly value: number;
}

/** The interpreter alone: no kernel, no plugins. */
export interface EngineRig {
  readonly memory: GuestMemory;
  readonly cache: CodeCache;
  readonly fuel: Fuel;
  readonly engine: Engine;
  readonly labels: Assembled["labels"];
  readonly raised: readonly Raised[];
  /** How often translated code was thrown away. */
  readonly flushes: number;
  /** How often some of it was. */
  readonly drops: number;
  register(number: number): bigint;
  run(limit?: number, exact?: boolean): void;
  /** The program has ended. */
  readonly ended: boolean;
}

export interface EngineRigOptions {
  readonly planner?: Planner;
  /** PROT_* bits of the code's pages; read and execute unless told. */
  readonly protection?: number;
  /** Called for a `call` operation. */
  readonly event?: (site: number) => void;
  /** As the engine's host; rethrows unless told. */
  readonly callbackThrew?: (cause: unknown) => number | undefined;
}

/** Memory with this code and empty data. */
export function createCode(items: readonly Item[], protection = 5): { memory: GuestMemory; code: Assembled } {
  const memory = createGuestMemory();
  const code = assemble(items);
  memory.map(TEXT, Math.ceil(code.bytes.length / PAGE) * PAGE, protection);
  memory.poke(TEXT, code.bytes);
  memory.map(DATA, DATA_SIZE, READ_WRITE);
  return { memory, code };
}

/** Nothing is instrumented. */
export const NOTHING: Planner = { plan: () => undefined };

/** An interpreter about to execute these instructions. It ends at exit_group, and at the first exception. */
export function createEngineRig(items: readonly Item[], options: EngineRigOptions = {}): EngineRig {
  const { memory, code } = createCode(items, options.protection);
  memory.view.setBigInt64(RESERVATION_ADDRESS, -1n, true);
  const raised: Raised[] = [];
  let flushes = 0;
  let ended = false;
  let drops = 0;
  const fuel = createFuel(memory);
  const dropped = (): void => void drops++;
  const cache = createCodeCache(memory, options.planner ?? NOTHING, () => void flushes++, { dropped });
  memory.view.setUint32(VCPU_CELLS, cellsAddress(0), true);
  const register = (number: number): bigint => memory.view.getBigUint64(X_REGISTERS + 8 * number, true);
  const end = (): void => {
    ended = true;
    engine.stop();
  };
  const engine = createEngine(memory, cache, fuel, {
    event: options.event ?? (() => {}),
    drain: () => {},
    hot: () => {},
    counter: () => engine.executed,
    syscall(pc) {
      if (register(A7) === BigInt(EXIT_GROUP)) end();
      return pc + 4;
    },
    exception(exception, pc, value) {
      raised.push({ exception, pc, value });
      end();
    },
    callbackThrew:
      options.callbackThrew ??
      ((cause) => {
        throw cause;
      }),
  });
  const changed = (address: number, length: number): void => {
    cache.markRangeStale(address, length);
    engine.interrupt();
  };
  memory.onCodeWrite = changed;
  memory.onMappingChange = changed;
  engine.pc = TEXT;
  return {
    memory,
    cache,
    fuel,
    engine,
    raised,
    labels: code.labels,
    get flushes() {
      return flushes;
    },
    get ended() {
      return ended;
    },
    get drops() {
      return drops;
    },
    register,
    run(limit = Number.MAX_SAFE_INTEGER, exact = false) {
      if (!ended) engine.run(limit, exact);
    },
  };
}
