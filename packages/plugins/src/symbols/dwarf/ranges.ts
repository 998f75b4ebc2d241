import { Cursor } from "./cursor.js";
import { Attribute, type Attributes } from "./entry.js";
import { addressOf, Form, indexedAddress, isAddress } from "./forms.js";
import type { DebugSections } from "./sections.js";
import type { Unit } from "./unit.js";

/** Addresses from the first to one before the second. */
export type Range = readonly [start: number, end: number];

/** Entries of a range list (DWARF 5, 7.25). */
const Rle = {
  END_OF_LIST: 0,
  BASE_ADDRESSX: 1,
  STARTX_ENDX: 2,
  STARTX_LENGTH: 3,
  OFFSET_PAIR: 4,
  BASE_ADDRESS: 5,
  START_END: 6,
  START_LENGTH: 7,
} as const;

/** The addresses of an entry: of its own attributes, as far as they are code. @throws RangeError for damaged ones */
export function rangesOf(sections: DebugSections, unit: Unit, attributes: Attributes): readonly Range[] {
  const list = attributes.get(Attribute.RANGES);
  if (list !== undefined) {
    return unit.encoding.version >= 5
      ? rangeList(
          sections,
          unit,
          list.form === Form.RNGLISTX ? rangeListAt(sections, unit, list.value) : list.value,
        )
      : oldRangeList(sections, unit, list.value);
  }
  const low = attributes.get(Attribute.LOW_PC);
  const high = attributes.get(Attribute.HIGH_PC);
  if (low === undefined || high === undefined) return [];
  const start = addressOf(sections, unit, low.form, low.value);
  return [
    [start, isAddress(high.form) ? addressOf(sections, unit, high.form, high.value) : start + high.value],
  ];
}

/** Where a list is that an index means. */
function rangeListAt(
  sections: DebugSections,
  { rnglistsBase, encoding: { offsetSize } }: Unit,
  index: number,
): number {
  return rnglistsBase + new Cursor(sections.rnglists, rnglistsBase + index * offsetSize).unsigned(offsetSize);
}

function rangeList(sections: DebugSections, unit: Unit, offset: number): readonly Range[] {
  const cursor = new Cursor(sections.rnglists, offset);
  const address = (): number => cursor.unsigned(unit.encoding.addressSize);
  const indexed = (): number => indexedAddress(sections, unit, cursor.uleb());
  const found: Range[] = [];
  const startLength = (start: number): unknown => found.push([start, start + cursor.uleb()]);
  for (let base = unit.lowPc; ; ) {
    const kind = cursor.u8();
    switch (kind) {
      case Rle.END_OF_LIST:
        return found;
      case Rle.BASE_ADDRESSX:
        base = indexed();
        break;
      case Rle.STARTX_ENDX:
        found.push([indexed(), indexed()]);
        break;
      case Rle.STARTX_LENGTH:
        startLength(indexed());
        break;
      case Rle.OFFSET_PAIR:
        found.push([base + cursor.uleb(), base + cursor.uleb()]);
        break;
      case Rle.BASE_ADDRESS:
        base = address();
        break;
      case Rle.START_END:
        found.push([address(), address()]);
        break;
      case Rle.START_LENGTH:
        startLength(address());
        break;
      default:
        throw new RangeError(`no kind ${kind} of range`);
    }
  }
}

/** A list of pairs (DWARF 4, 2.17.3): an offset of all ones has the base behind it. */
function oldRangeList(sections: DebugSections, unit: Unit, offset: number): readonly Range[] {
  const cursor = new Cursor(sections.ranges, offset);
  const { addressSize } = unit.encoding;
  const allOnes = 2 ** (8 * addressSize) - 1;
  const found: Range[] = [];
  for (let base = unit.lowPc; ; ) {
    const [start, end] = [cursor.unsigned(addressSize), cursor.unsigned(addressSize)];
    if (start === 0 && end === 0) return found;
    // All ones are 2^64 when they are a number.
    if (start >= allOnes) base = end;
    else found.push([base + start, base + end]);
  }
}
