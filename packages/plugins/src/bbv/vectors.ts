import type { Block, TraceBatch } from "@qpp/emulator/contract";
import type { BlockWeight, NumberedBlock } from "./contract.js";

/** What one vCPU has executed of its present interval. */
interface Interval {
  /** Instructions; those past the last interval's end among them. */
  insns: number;
  /** Instructions by block number. */
  weights: Float64Array;
  /** How many intervals have ended. */
  ended: number;
}

/** Basic block vectors in the making. */
export interface Vectors {
  /** What to record of a block. */
  tagOf(block: Block): number;
  /** Takes recorded blocks. */
  take(batch: TraceBatch): void;
  readonly blocks: readonly NumberedBlock[];
  /** Intervals that have ended, by vCPU. */
  intervals(): readonly number[];
}

/**
 * Sums up instructions by block and interval, as QEMU's plugin does: an interval ends with the block that reaches its length, what
 * is over counts for the next one's length, and at most one ends with a block.
 *
 * @param pid of the process that is running
 * @param onEnd gets each interval's blocks, by number
 */
export function createVectors(
  interval: number,
  pid: () => number,
  onEnd: (vcpu: number, vector: readonly BlockWeight[]) => void,
): Vectors {
  const blocks: NumberedBlock[] = [];
  const known = new Map<string, number>();
  /** By tag: a block's number, and its length. */
  let numberOf = new Uint32Array(1024);
  let lengthOf = new Uint32Array(1024);
  let tags = 0;
  const vcpus: Interval[] = [];

  function intervalOf(vcpu: number): Interval {
    const present = vcpus[vcpu] ?? { insns: 0, weights: new Float64Array(1024), ended: 0 };
    vcpus[vcpu] = present;
    if (present.weights.length > blocks.length) return present;
    present.weights = longer(new Float64Array(2 * blocks.length), present.weights);
    return present;
  }

  function end(vcpu: number, present: Interval): void {
    const vector: BlockWeight[] = [];
    for (let block = 1; block <= blocks.length; block++) {
      const insns = present.weights[block] ?? 0;
      if (insns > 0) vector.push({ block, insns });
    }
    present.weights.fill(0);
    present.ended++;
    onEnd(vcpu, vector);
  }

  return {
    blocks,
    intervals: () => Array.from(vcpus, (present) => present?.ended ?? 0),
    tagOf({ pc, symbol, instructions }) {
      const key = `${pid()} ${pc}`;
      let number = known.get(key);
      if (number === undefined) {
        number = blocks.length + 1;
        blocks.push({ number, pid: pid(), pc, symbol });
        known.set(key, number);
      }
      if (tags === numberOf.length) {
        numberOf = longer(new Uint32Array(2 * tags), numberOf);
        lengthOf = longer(new Uint32Array(2 * tags), lengthOf);
      }
      numberOf[tags] = number;
      lengthOf[tags] = instructions.length;
      return tags++;
    },
    take({ length, vcpu, tag }) {
      const present = intervalOf(vcpu);
      const { weights } = present;
      const [numbers, lengths] = [numberOf, lengthOf];
      let { insns } = present;
      for (let i = 0; i < length; i++) {
        const at = tag[i] ?? 0;
        const executed = lengths[at] ?? 0;
        const number = numbers[at] ?? 0;
        weights[number] = (weights[number] ?? 0) + executed;
        insns += executed;
        if (insns >= interval) {
          insns -= interval;
          end(vcpu, present);
        }
      }
      present.insns = insns;
    },
  };
}

function longer<A extends Uint32Array | Float64Array>(made: A, shorter: A): A {
  made.set(shorter);
  return made;
}
