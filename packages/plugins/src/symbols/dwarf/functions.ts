import { createIntervalMap, type IntervalMap } from "../interval-map.js";
import { Cursor } from "./cursor.js";
import { Attribute, type Attributes, readAttributes, skipAttributes, Tag } from "./entry.js";
import { type Range, rangesOf } from "./ranges.js";
import type { DebugSections } from "./sections.js";
import type { Unit } from "./unit.js";

/** A function with code of its own, or one that was inlined into another. */
export interface FunctionEntry {
  /** Where its entry is in `.debug_info`: its name is found from there. */
  readonly at: number;
  readonly isInlined: boolean;
  /** What it was inlined into; -1 for nothing. */
  readonly parent: number;
  /** Where it was called: an index of the unit's files; undefined where the compiler does not tell. */
  readonly callFile: number | undefined;
  readonly callLine: number | undefined;
  readonly callColumn: number | undefined;
}

/** The functions of a unit, by address. */
export interface Functions {
  readonly entries: readonly FunctionEntry[];
  /** Which of them is the innermost at an address; -1 for none. */
  readonly at: IntervalMap["find"];
}

/** Reads the functions of a unit. @throws RangeError for damaged entries */
export function readFunctions(
  sections: DebugSections,
  unit: Unit,
  isCode: (address: number) => boolean,
): Functions {
  const entries: FunctionEntry[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const owners: number[] = [];
  const cursor = new Cursor(sections.info, unit.root);
  /** For each level of entries that are open, the function that it is in. */
  const open: number[] = [];
  let inside = -1;
  while (cursor.at < unit.end) {
    const { at } = cursor;
    const code = cursor.uleb();
    if (code === 0) {
      inside = open.pop() ?? -1;
      if (open.length === 0) break;
      continue;
    }
    const abbreviation = unit.abbreviations.get(code);
    if (abbreviation === undefined) throw new RangeError(`no abbreviation ${code}`);
    const { tag, hasChildren } = abbreviation;
    let own = inside;
    if (tag === Tag.SUBPROGRAM || tag === Tag.INLINED_SUBROUTINE) {
      const attributes = readAttributes(cursor, abbreviation, unit.encoding);
      const ranges = rangesOf(sections, unit, attributes).filter(([start]) => isCode(start));
      if (ranges.length > 0) own = add(entryOf(at, tag, inside, attributes), ranges);
    } else {
      skipAttributes(cursor, abbreviation, unit.encoding);
    }
    if (hasChildren) {
      open.push(inside);
      inside = own;
    } else if (open.length === 0) {
      break;
    }
  }

  function add(entry: FunctionEntry, ranges: readonly Range[]): number {
    const index = entries.push(entry) - 1;
    for (const [start, end] of ranges) {
      starts.push(start);
      ends.push(end);
      owners.push(index);
    }
    return index;
  }
  const map = createIntervalMap(Float64Array.from(starts), Float64Array.from(ends));
  return { entries, at: (address) => owners[map.find(address)] ?? -1 };
}

function entryOf(at: number, tag: number, inside: number, attributes: Attributes): FunctionEntry {
  const isInlined = tag === Tag.INLINED_SUBROUTINE;
  const value = (name: number): number | undefined => attributes.get(name)?.value;
  return {
    at,
    isInlined,
    // A function inside of another one, such as a lambda, is none of its code.
    parent: isInlined ? inside : -1,
    callFile: value(Attribute.CALL_FILE),
    callLine: value(Attribute.CALL_LINE),
    callColumn: value(Attribute.CALL_COLUMN),
  };
}
