import { type Abbreviations, openAbbreviations } from "./abbreviations.js";
import { Cursor } from "./cursor.js";
import { Attribute, type Attributes, readAttributes } from "./entry.js";
import { addressOf, type Bases, type Encoding, stringOf } from "./forms.js";
import type { DebugSections } from "./sections.js";

/** What one run of a compiler has left (DWARF 5, 7.5.1). */
export interface Unit extends Bases {
  /** Where it begins in `.debug_info`. */
  readonly start: number;
  readonly end: number;
  readonly encoding: Encoding;
  readonly abbreviations: Abbreviations;
  /** Where its first entry is. */
  readonly root: number;
  readonly attributes: Attributes;
  /** What offsets of its range lists count from. */
  readonly lowPc: number;
  readonly rnglistsBase: number;
  readonly folder: string;
  /** Where its line numbers are; undefined if it has none. */
  readonly lines: number | undefined;
}

const UNIT_TYPE_COMPILE = 1;
const UNIT_TYPE_PARTIAL = 3;
const UNIT_TYPE_SKELETON = 4;
const DWO_ID_SIZE = 8;

/**
 * Reads the heads of all units that have code. What cannot be read ends the list.
 * @param damaged told what was wrong
 */
export function readUnits(sections: DebugSections, damaged: (error: RangeError) => void): readonly Unit[] {
  const { info } = sections;
  const units: Unit[] = [];
  const tables = new Map<string, Abbreviations>();
  try {
    for (const cursor = new Cursor(info); !cursor.isAtEnd; ) {
      const start = cursor.at;
      const { length, offsetSize } = cursor.initialLength();
      const end = cursor.at + length;
      const version = cursor.u16();
      if (version >= 2 && version <= 5) {
        const unit = readUnit(sections, tables, cursor, { start, end, version, offsetSize });
        if (unit !== undefined) units.push(unit);
      }
      cursor.at = end;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    damaged(error);
  }
  return units;
}

function readUnit(
  sections: DebugSections,
  tables: Map<string, Abbreviations>,
  cursor: Cursor,
  { start, end, version, offsetSize }: { start: number; end: number; version: number; offsetSize: 4 | 8 },
): Unit | undefined {
  let type = UNIT_TYPE_COMPILE;
  let addressSize = 8;
  if (version >= 5) {
    type = cursor.u8();
    addressSize = cursor.u8();
  }
  const abbreviationsAt = cursor.unsigned(offsetSize);
  if (version < 5) addressSize = cursor.u8();
  if (type === UNIT_TYPE_SKELETON) cursor.at += DWO_ID_SIZE;
  else if (type !== UNIT_TYPE_COMPILE && type !== UNIT_TYPE_PARTIAL) return undefined;

  const encoding: Encoding = { version, offsetSize, addressSize };
  const key = `${abbreviationsAt} ${version} ${offsetSize} ${addressSize}`;
  const abbreviations = tables.get(key) ?? openAbbreviations(sections.abbrev, abbreviationsAt, encoding);
  tables.set(key, abbreviations);
  const root = cursor.at;
  const abbreviation = abbreviations.get(cursor.uleb());
  if (abbreviation === undefined) return undefined;
  const attributes = readAttributes(cursor, abbreviation, encoding);
  const base = (name: number, headerSize: number): number =>
    attributes.get(name)?.value ?? headerSize + (offsetSize === 8 ? 8 : 0);
  const bases: Bases = {
    encoding,
    strOffsetsBase: base(Attribute.STR_OFFSETS_BASE, 8),
    addrBase: base(Attribute.ADDR_BASE, 8),
  };
  const low = attributes.get(Attribute.LOW_PC);
  const folder = attributes.get(Attribute.COMP_DIR);
  return {
    ...bases,
    start,
    end,
    abbreviations,
    root,
    attributes,
    lowPc: low ? addressOf(sections, bases, low.form, low.value) : 0,
    rnglistsBase: base(Attribute.RNGLISTS_BASE, 12),
    folder: (folder && stringOf(sections, bases, folder.form, folder.value, sections.info)) ?? "",
    lines: attributes.get(Attribute.STMT_LIST)?.value,
  };
}
