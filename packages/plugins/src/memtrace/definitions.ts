import { ByteWriter } from "./bytes.js";
import { Shape } from "./format.js";
import { accessesOf, type BlockFacts, type InstructionFacts } from "./places.js";

/** A block with its places: its own, and behind it those of its accesses. */
export interface DefinedBlock {
  readonly place: number;
  /** Bytes of each access. */
  readonly widths: readonly number[];
}

/** Gives blocks and their accesses places, and writes down what is known of them. */
export class Definitions {
  readonly #out = new ByteWriter();
  readonly #known = new Map<string, number>();
  readonly #defined: (block: DefinedBlock) => void;
  /** 0 is no place. */
  #next = 1;

  /** @param defined is told of each block that is new */
  constructor(defined: (block: DefinedBlock) => void) {
    this.#defined = defined;
  }

  /** The block's place: the same for blocks of which the same is known. */
  place(block: BlockFacts): number {
    const { pc, symbol = "", instructions } = block;
    const code = instructions.map(({ size, data }) => data * size).join();
    const key = `${pc} ${code} ${symbol}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const place = this.#next++;
    this.#known.set(key, place);
    this.#out.varint(pc);
    this.#out.text(symbol);
    this.#out.varint(instructions.length);
    const widths = instructions.flatMap((instruction) => this.#define(instruction));
    this.#next += widths.length;
    this.#defined({ place, widths });
    return place;
  }

  /** What is known of the blocks that are new since this was last asked for; valid until there are more. */
  take(): Uint8Array {
    const { bytes } = this.#out;
    this.#out.clear();
    return bytes;
  }

  #define(instruction: InstructionFacts): readonly number[] {
    const { size, data, accessBytes = 1, isLoad, isStore } = instruction;
    const accesses = accessesOf(instruction);
    const kind = accesses === 0 ? 0 : (isLoad ? Shape.LOAD : 0) | (isStore ? Shape.STORE : 0);
    this.#out.varint(kind | Math.log2(accessBytes) | (size === 4 ? Shape.FOUR_BYTES : 0));
    this.#out.varint(data);
    return Array.from({ length: accesses }, () => accessBytes);
  }
}
