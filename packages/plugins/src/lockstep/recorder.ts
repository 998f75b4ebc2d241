import type { Block, Program } from "@qpp/emulator/contract";
import type { BlockPlace, SideState } from "./protocol.js";

/** So many blocks are shown that were executed before the two differ. */
const SHOWN_BEFORE = 5;

/** What a side has executed last, and the records of it that the other side is sent. */
export interface Recorder {
  /** How many records are gathered: {@link take} them when there are `capacity`. */
  readonly gathered: number;
  /** All that were gathered so far. */
  readonly count: number;
  /** Instructions in them. */
  readonly insns: number;
  /** The vCPU is about to execute a block. The rest of its record is a digest of its state, where there is one. */
  add(vcpu: number, block: Block, digest: readonly [number, number] | undefined): void;
  /** Those that were gathered since the last time. */
  take(): Uint32Array;
  /** Where this side was when it was about to execute the block that it had gathered as number `index`, one of the last ones. */
  stateAt(index: number): Omit<SideState, "registers" | "end">;
}

/**
 * A record is the block's address, the vCPU and, with digests, two words of digest. How long blocks are does not count: one that a
 * machine is stopped in is cut there.
 *
 * @param capacity how many are gathered at once
 */
export function createRecorder(capacity: number, words: number, program: Program): Recorder {
  const records = new Uint32Array(capacity * words);
  // Room for what was gathered last, and what is shown of before that.
  const blocks: (Block | undefined)[] = new Array(2 * capacity);
  const vcpus = new Uint32Array(2 * capacity);
  let gathered = 0;
  let count = 0;
  let insns = 0;

  const at = (index: number): Block | undefined => (index < 0 ? undefined : blocks[index % blocks.length]);

  function place({ pc, symbol, instructions }: Block): BlockPlace {
    const offset = symbol === undefined ? 0 : (program.symbolAt(pc)?.offset ?? 0);
    const name = offset === 0 ? symbol : `${symbol}+${offset}`;
    return { pc, symbol: name ?? null, insns: instructions.length };
  }

  return {
    get gathered() {
      return gathered;
    },
    get count() {
      return count;
    },
    get insns() {
      return insns;
    },
    add(vcpu, block, digest) {
      const word = gathered * words;
      const length = block.instructions.length;
      records[word] = block.pc;
      records[word + 1] = vcpu;
      if (digest) {
        records[word + 2] = digest[0];
        records[word + 3] = digest[1];
      }
      const slot = count % blocks.length;
      blocks[slot] = block;
      vcpus[slot] = vcpu;
      gathered++;
      count++;
      insns += length;
    },
    take() {
      const taken = records.slice(0, gathered * words);
      gathered = 0;
      return taken;
    },
    stateAt(index) {
      let executed = insns;
      for (let i = index; i < count; i++) executed -= at(i)?.instructions.length ?? 0;
      const before = Array.from({ length: SHOWN_BEFORE }, (_, i) => at(index - SHOWN_BEFORE + i));
      const block = index < count ? at(index) : undefined;
      const last = at(index - 1)?.instructions.at(-1);
      return {
        block: block
          ? {
              ...place(block),
              vcpu: vcpus[index % blocks.length] ?? 0,
              text: block.instructions.map(({ pc, text }) => `${pc.toString(16)}: ${text}`),
            }
          : null,
        insns: executed,
        before: before.flatMap((each) => (each ? [place(each)] : [])),
        last: last ? `${last.pc.toString(16)}: ${last.text}` : null,
      };
    },
  };
}
