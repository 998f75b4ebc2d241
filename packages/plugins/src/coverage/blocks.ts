import type { Block } from "@qpp/emulator/contract";
import type { LoadedObject } from "../symbols/contract.js";
import type { CoveredBlock, CoveredObject } from "./contract.js";

/** A block of a file, whoever executes it. */
export type KnownBlock = Omit<CoveredBlock, "count">;

/** The blocks of all objects, each of them once. */
export interface Blocks {
  /** The block at this place; undefined for code that is in no file. */
  known(block: Block): KnownBlock | undefined;
  /** A block of another run. */
  add(object: CoveredObject, address: number, size: number, insns: number): KnownBlock;
  /** The object of a file, as it was loaded. */
  readonly loaded: ReadonlyMap<CoveredObject, LoadedObject>;
}

/** @param objectAt which object an address of the running process belongs to */
export function createBlocks(objectAt: (address: number) => LoadedObject | undefined): Blocks {
  const objects = new Map<string, CoveredObject>();
  const blocks = new Map<string, KnownBlock>();
  const loaded = new Map<CoveredObject, LoadedObject>();

  function objectOf(given: CoveredObject): CoveredObject {
    const key = `${given.path} ${given.buildId}`;
    const known = objects.get(key);
    if (known !== undefined) return known;
    objects.set(key, given);
    return given;
  }
  function add(given: CoveredObject, address: number, size: number, insns: number): KnownBlock {
    const object = objectOf(given);
    const key = `${object.path} ${object.buildId} ${address} ${size} ${insns}`;
    const block = blocks.get(key) ?? { object, address, size, insns };
    blocks.set(key, block);
    return block;
  }
  return {
    loaded,
    add,
    known({ pc, size, instructions }) {
      const from = objectAt(pc);
      if (from === undefined) return undefined;
      const { path, buildId, base, start, end } = from;
      const block = add(
        { path, buildId, start: start - base, end: end - base },
        pc - base,
        size,
        instructions.length,
      );
      loaded.set(block.object, from);
      return block;
    },
  };
}
