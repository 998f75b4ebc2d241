import type { Instruction, TraceBatch } from "@qpp/emulator/contract";
import { factsOf, type Log, type TakeLines } from "./lines.js";

/** Tags of accesses; those of instructions are higher. */
const LOAD = 0;
const STORE = 1;
const FIRST_INSTRUCTION = 2;

/** Bytes that are gathered before they are handed over. */
const CHUNK = 1 << 18;
/** So many events that what is done for each batch does not count, and so few that they are still in the processor's caches. */
const BATCH = 4096;
/** More than any piece of a line. */
const SLACK = 1 << 12;
const NEWLINE = 0x0a;

/*
 * A line begins with its newline, so that one is open until the next begins, wherever a batch ends between the two:
 *
 *     \n0, 0x101d8, 0x4398, "c.lw a4,0(a5)", load, 0x00012000
 *     ^^^^ prefix of the vCPU               ^^^^^^^^^^^^^^^^^^ access
 *         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ facts of the instruction, written once when it is translated
 *
 * Texts are copied 8 bytes at a time, as numbers of 64 bits that are never calculated with: ASCII text is never a NaN, whose bits
 * might change. What is copied too much is written over by what follows.
 */

/** Makes a log of a trace of instructions and accesses. */
export function createLineBytes(takeLines: TakeLines): Log {
  const bytes = new Uint8Array(CHUNK + SLACK);
  const out = new DataView(bytes.buffer);
  const facts = createFacts();
  let filled = 0;
  let instructions = 0;
  let accesses = 0;

  /** Hands over all lines but the open one; gives where that ends now. */
  function handOver(end: number): number {
    const open = bytes.lastIndexOf(NEWLINE, end - 1);
    if (open > 0) takeLines(bytes.subarray(1, open + 1));
    bytes.copyWithin(0, open, end);
    return end - open;
  }

  function take({ length, vcpu, tag, address }: TraceBatch): void {
    const [prefix, prefixLength] = eightBytes(`\n${vcpu}, `);
    const { texts, starts, lengths } = facts;
    let at = filled;
    let begun = 0;
    for (let i = 0; i < length; i++) {
      if (at > CHUNK) at = handOver(at);
      const what = tag[i] ?? 0;
      if (what >= FIRST_INSTRUCTION) {
        begun++;
        out.setFloat64(at, prefix, true);
        at += prefixLength;
        const from = starts[what - FIRST_INSTRUCTION] ?? 0;
        const size = lengths[what - FIRST_INSTRUCTION] ?? 0;
        for (let done = 0; done < size; done += 8)
          out.setFloat64(at + done, texts.getFloat64(from + done, true), true);
        at += size;
      } else {
        out.setFloat64(at, what === LOAD ? LOAD_TEXT : STORE_TEXT, true);
        at += what === LOAD ? 7 : 8;
        out.setUint32(at, ZERO_X, true);
        const value = address[i] ?? 0;
        const upper = (HEX[value >>> 24] ?? 0) | ((HEX[(value >>> 16) & 0xff] ?? 0) << 16);
        const lower = (HEX[(value >>> 8) & 0xff] ?? 0) | ((HEX[value & 0xff] ?? 0) << 16);
        out.setUint32(at + 3, upper, true);
        out.setUint32(at + 7, lower, true);
        at += 11;
      }
    }
    filled = at;
    instructions += begun;
    accesses += length - begun;
  }

  return {
    get instructions() {
      return instructions;
    },
    get accesses() {
      return accesses;
    },
    watch(machine, filter) {
      machine.traces.batch(
        {
          instruction: (instruction) =>
            filter.chooses(instruction) ? FIRST_INSTRUCTION + facts.numberOf(instruction) : undefined,
          access: ({ instruction, isStore }) =>
            filter.chooses(instruction) ? (isStore ? STORE : LOAD) : undefined,
        },
        take,
        { capacity: BATCH },
      );
    },
    end() {
      if (filled === 0) return;
      bytes[filled] = NEWLINE;
      handOver(filled + 1);
      filled = 0;
    },
  };
}

/** A text of at most eight characters of ASCII as a number of 64 bits, and its length. */
function eightBytes(text: string): readonly [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < text.length; i++) view.setUint8(i, text.charCodeAt(i));
  return [view.getFloat64(0, true), text.length];
}

const [LOAD_TEXT] = eightBytes(", load,");
const [STORE_TEXT] = eightBytes(", store,");
/** A blank, 0, x. */
const ZERO_X = 0x78_30_20;
/** The two digits of each byte, the first one in the lower half. */
const HEX: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, "0");
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
});

/** Texts of instructions, by number. */
interface Facts {
  /** Number of an instruction: the same for each translation of it, another one where code was rewritten. */
  numberOf(instruction: Instruction): number;
  /** All texts; this and what follows is replaced when it grows, which happens at translations alone. */
  readonly texts: DataView;
  /** Where each begins. */
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}

function createFacts(): Facts {
  const known = new Map<string, number>();
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(1 << 16);
  let [texts, starts, lengths] = [new DataView(bytes.buffer), new Uint32Array(1024), new Uint32Array(1024)];
  let used = 0;
  return {
    get texts() {
      return texts;
    },
    get starts() {
      return starts;
    },
    get lengths() {
      return lengths;
    },
    numberOf(instruction) {
      const key = `${instruction.pc} ${instruction.data}`;
      const present = known.get(key);
      if (present !== undefined) return present;
      const number = known.size;
      known.set(key, number);
      const text = encoder.encode(factsOf(instruction));
      if (number === starts.length) {
        starts = longer(new Uint32Array(2 * number), starts);
        lengths = longer(new Uint32Array(2 * number), lengths);
      }
      if (used + SLACK > bytes.length) {
        bytes = longer(new Uint8Array(2 * bytes.length), bytes);
        texts = new DataView(bytes.buffer);
      }
      bytes.set(text, used);
      starts[number] = used;
      lengths[number] = text.length;
      used += text.length;
      return number;
    },
  };
}

function longer<A extends Uint8Array | Uint32Array>(made: A, shorter: A): A {
  made.set(shorter);
  return made;
}
