import { HOST_EXIT } from "../interpreter/region-call.js";
import { EXIT_CAUSE, EXIT_OPERATION, FUEL } from "../memory/layout.js";
import type { BodyBuilder, Variable } from "../wasm/body.js";
import { i32 } from "../wasm/expr.js";
import type { Label, Statement } from "../wasm/statement.js";
import { NOTHING, type ResourceSet } from "./resources.js";

/** Events and counts that have happened, but are not yet in their variables: amounts by what adds them. */
export type Pending = ReadonlyMap<(amount: bigint) => void, bigint>;

/** A cause in place of an exception: execution just goes on at a pc. */
const GO_ON = 0;

/**
 * The ways out of a region that are hardly ever taken. Their code comes after that of the region, each in front of the one
 * that it goes on with, so that what several have to do is there once:
 *
 * ```
 * block                     stores what is dirty at the beginning of a block
 *   block                   stores what its second load has changed
 *     block                 stores what its third load has changed
 *       the region          … br_if to any of them
 *     end  store x12  br
 *   end  store x11  br
 * end  store x10, x15 …  return
 * ```
 */
export interface SideExits {
  /** Begins a block, or a new part of one: what has been stored since is not dirty any more. */
  restart(): void;
  /** Writes down: the region is left for the host, which finds this cause, and this operation. */
  toHost(cause: number, operation: number, dirty: ResourceSet, pending: Pending): void;
  /** Writes down: the region is left, and execution goes on at `pc`. */
  toPc(pc: number, dirty: ResourceSet, pending: Pending): void;
  /** The region's statements, with those of all exits around them. */
  around(region: readonly Statement[]): readonly Statement[];
}

interface Exit {
  readonly label: Label;
  readonly code: readonly Statement[];
  /** What it goes on with; the last of all if undefined. */
  readonly parent: Exit | undefined;
  readonly dirty: ResourceSet;
  readonly pending: Pending;
}

const label = (): Label => ({ name: "exit" });
const NO_PENDING: Pending = new Map();

/** Whether what adds to places in `less` adds to them in `more` as well: the difference can then be added. */
function covers(more: Exit["pending"], less: Exit["pending"]): boolean {
  for (const add of less.keys()) if (!more.has(add)) return false;
  return true;
}

function equal(a: Pending, b: Pending): boolean {
  if (a.size !== b.size) return false;
  for (const [add, amount] of a) if (b.get(add) !== amount) return false;
  return true;
}

/** Makes the exits of a function. `store` writes down that the resources of a set are stored. */
export function createSideExits(
  b: BodyBuilder,
  fuel: Variable<"i64">,
  store: (set: ResourceSet) => void,
): SideExits {
  const cause = b.local("i32");
  const where = b.local("i32");
  const exits: Exit[] = [];
  const bases = new Map<ResourceSet, Exit>();
  const last = label();
  let latest: Exit | undefined;

  function add(parent: Exit | undefined, dirty: ResourceSet, pending: Pending): Exit {
    const code = b.apart(() => {
      for (const [put, amount] of pending) {
        const more = amount - (parent?.pending.get(put) ?? 0n);
        if (more !== 0n) put(more);
      }
      store(dirty & ~(parent?.dirty ?? NOTHING));
    });
    const exit: Exit = { label: label(), code, parent, dirty, pending: new Map(pending) };
    exits.push(exit);
    return exit;
  }

  function base(dirty: ResourceSet): Exit {
    const known = bases.get(dirty);
    if (known !== undefined) return known;
    const exit = add(undefined, dirty, NO_PENDING);
    bases.set(dirty, exit);
    return exit;
  }

  function exitFor(dirty: ResourceSet, pending: Pending): Exit {
    const above =
      latest !== undefined && (latest.dirty & ~dirty) === NOTHING && covers(pending, latest.pending)
        ? latest
        : base(dirty);
    const same = above.dirty === dirty && equal(above.pending, pending);
    latest = same ? above : add(above, dirty, pending);
    return latest;
  }

  function leave(exit: Exit, why: number, at: number): void {
    b.set(cause, why);
    b.set(where, at);
    b.br(exit.label);
  }

  return {
    restart() {
      latest = undefined;
    },
    toHost: (why, operation, dirty, pending) => leave(exitFor(dirty, pending), why, operation),
    toPc: (pc, dirty, pending) => leave(exitFor(dirty, pending), GO_ON, pc),
    around(region) {
      let list = region;
      for (const exit of exits.toReversed()) {
        const goOn: Statement = { kind: "br", label: exit.parent?.label ?? last };
        list = [{ kind: "block", label: exit.label, body: list }, ...exit.code, goOn];
      }
      const end = b.apart(() => {
        b.store(0, fuel, FUEL);
        b.if(i32.eqz(cause), () => b.return(where));
        b.store(0, cause, EXIT_CAUSE);
        b.store(0, where, EXIT_OPERATION);
        b.return(i32.const(HOST_EXIT));
      });
      return [{ kind: "block", label: last, body: list }, ...end];
    },
  };
}
