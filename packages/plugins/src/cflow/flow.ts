import type { TraceBatch } from "@qpp/emulator/contract";
import type { Code } from "./code.js";
import { createFurther } from "./further.js";

/** What was executed before is not known. Passages are numbered from 1 here, and what follows this one is not told. */
const UNKNOWN = 0;
/** No passage has this number. */
const NOTHING = 0;

/** How often one passage was followed by another one. */
export interface PassageEdge {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Which passages follow which, found in a trace of blocks. */
export interface Flow {
  /** Takes blocks by the numbers of their passages and 1. */
  take(batch: TraceBatch): void;
  /** After so many blocks in all, the instruction at this address faulted. Told before those are taken. */
  fault(blocks: number, pc: number): void;
  /** What the vCPU executes next is not where it went from what it executed before. */
  forget(vcpu: number): void;
  /** Of which vCPU the last batch was. */
  readonly vcpu: number;
  /** Those of one passage in the order in which they were first found. */
  edges(): Iterable<PassageEdge>;
}

/** Makes an empty flow. */
export function createFlow(code: Code): Flow {
  /** By vCPU, the passage that was executed last. */
  const previous: number[] = [];
  const faults: { readonly blocks: number; readonly pc: number }[] = [];
  // Of each passage the two that followed it first, which is all for whatever ends with a branch, and how often they did.
  let firstTarget = new Int32Array(1024);
  let secondTarget = new Int32Array(1024);
  let firstTimes = new Float64Array(1024);
  let secondTimes = new Float64Array(1024);
  const further = createFurther();
  let taken = 0;
  let latest = 0;

  /** Before what was translated is followed. */
  function room(): void {
    const passages = code.passages.length + 1;
    if (firstTarget.length >= passages) return;
    firstTarget = copied(new Int32Array(2 * passages), firstTarget);
    secondTarget = copied(new Int32Array(2 * passages), secondTarget);
    firstTimes = copied(new Float64Array(2 * passages), firstTimes);
    secondTimes = copied(new Float64Array(2 * passages), secondTimes);
  }

  /** @returns the passage that was executed last */
  function follow(tag: Uint32Array, begin: number, end: number, last: number): number {
    const [first, second, timesFirst, timesSecond] = [firstTarget, secondTarget, firstTimes, secondTimes];
    let source = last;
    for (let i = begin; i < end; i++) {
      const target = (tag[i] ?? 0) | 0;
      if (first[source] === target) timesFirst[source] = (timesFirst[source] ?? 0) + 1;
      else if (second[source] === target) timesSecond[source] = (timesSecond[source] ?? 0) + 1;
      else miss(source, target);
      source = target;
    }
    return source;
  }

  function miss(source: number, target: number): void {
    if (firstTarget[source] === NOTHING) {
      firstTarget[source] = target;
      firstTimes[source] = 1;
    } else if (secondTarget[source] === NOTHING) {
      secondTarget[source] = target;
      secondTimes[source] = 1;
    } else further.count(source, target);
  }

  return {
    get vcpu() {
      return latest;
    },
    forget(vcpu) {
      previous[vcpu] = UNKNOWN;
    },
    fault(blocks, pc) {
      faults.push({ blocks, pc });
    },
    take({ length, vcpu, tag }) {
      latest = vcpu;
      room();
      let done = 0;
      let source = previous[vcpu] ?? UNKNOWN;
      for (let fault = faults[0]; fault && fault.blocks <= taken + length; fault = faults[0]) {
        faults.shift();
        source = follow(tag, done, fault.blocks - taken, source);
        done = fault.blocks - taken;
        if (source !== UNKNOWN) source = code.upTo(source - 1, fault.pc) + 1;
        room();
      }
      previous[vcpu] = follow(tag, done, length, source);
      taken += length;
    },
    *edges() {
      const edge = (from: number, to = NOTHING, count = 0): PassageEdge[] =>
        to === NOTHING || from === UNKNOWN ? [] : [{ from: from - 1, to: to - 1, count }];
      for (let from = 0; from < firstTarget.length; from++) {
        yield* edge(from, firstTarget[from], firstTimes[from]);
        yield* edge(from, secondTarget[from], secondTimes[from]);
      }
      for (const { from, to, count } of further.edges()) yield* edge(from, to, count);
    },
  };
}

function copied<A extends Int32Array | Float64Array>(longer: A, shorter: A): A {
  longer.set(shorter);
  return longer;
}
