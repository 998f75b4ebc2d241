import type { Abbreviation } from "./abbreviations.js";
import type { Cursor } from "./cursor.js";
import { type Encoding, readForm } from "./forms.js";

/** Kinds of entries (DWARF 5, 7.5.3). */
export const Tag = {
  INLINED_SUBROUTINE: 0x1d,
  SUBPROGRAM: 0x2e,
} as const;

/** Attributes (DWARF 5, 7.5.4). */
export const Attribute = {
  NAME: 0x03,
  STMT_LIST: 0x10,
  LOW_PC: 0x11,
  HIGH_PC: 0x12,
  COMP_DIR: 0x1b,
  ABSTRACT_ORIGIN: 0x31,
  SPECIFICATION: 0x47,
  RANGES: 0x55,
  CALL_COLUMN: 0x57,
  CALL_FILE: 0x58,
  CALL_LINE: 0x59,
  LINKAGE_NAME: 0x6e,
  STR_OFFSETS_BASE: 0x72,
  ADDR_BASE: 0x73,
  RNGLISTS_BASE: 0x74,
  MIPS_LINKAGE_NAME: 0x2007,
} as const;

/** An attribute's value as it is stored. */
export interface Value {
  readonly form: number;
  readonly value: number;
}

/** The attributes of an entry, by name. */
export type Attributes = ReadonlyMap<number, Value>;

/** Reads an entry's attributes. The cursor is behind its code. @throws RangeError for a damaged one */
export function readAttributes(cursor: Cursor, { attributes }: Abbreviation, encoding: Encoding): Attributes {
  const found = new Map<number, Value>();
  for (const { name, form, implicit } of attributes) {
    found.set(name, { form, value: readForm(cursor, form, encoding, implicit) });
  }
  return found;
}

/** Goes past them. */
export function skipAttributes(cursor: Cursor, { attributes, size }: Abbreviation, encoding: Encoding): void {
  if (size !== undefined) cursor.at += size;
  else for (const { form, implicit } of attributes) readForm(cursor, form, encoding, implicit);
}
