import { Cursor } from "./cursor.js";
import type { DebugSections } from "./sections.js";

/** How a unit's values are encoded. */
export interface Encoding {
  readonly version: number;
  readonly offsetSize: 4 | 8;
  readonly addressSize: number;
}

/** How an attribute's value is stored (DWARF 5, 7.5.6). */
export const Form = {
  ADDR: 0x01,
  BLOCK2: 0x03,
  BLOCK4: 0x04,
  DATA2: 0x05,
  DATA4: 0x06,
  DATA8: 0x07,
  STRING: 0x08,
  BLOCK: 0x09,
  BLOCK1: 0x0a,
  DATA1: 0x0b,
  FLAG: 0x0c,
  SDATA: 0x0d,
  STRP: 0x0e,
  UDATA: 0x0f,
  REF_ADDR: 0x10,
  REF1: 0x11,
  REF2: 0x12,
  REF4: 0x13,
  REF8: 0x14,
  REF_UDATA: 0x15,
  INDIRECT: 0x16,
  SEC_OFFSET: 0x17,
  EXPRLOC: 0x18,
  FLAG_PRESENT: 0x19,
  STRX: 0x1a,
  ADDRX: 0x1b,
  REF_SUP4: 0x1c,
  STRP_SUP: 0x1d,
  DATA16: 0x1e,
  LINE_STRP: 0x1f,
  REF_SIG8: 0x20,
  IMPLICIT_CONST: 0x21,
  LOCLISTX: 0x22,
  RNGLISTX: 0x23,
  REF_SUP8: 0x24,
  STRX1: 0x25,
  STRX2: 0x26,
  STRX3: 0x27,
  STRX4: 0x28,
  ADDRX1: 0x29,
  ADDRX2: 0x2a,
  ADDRX3: 0x2b,
  ADDRX4: 0x2c,
  GNU_REF_ALT: 0x1f20,
  GNU_STRP_ALT: 0x1f21,
} as const;

/** Bytes of a value where that is the same for all values of the form; undefined where it is not. */
export function sizeOfForm(form: number, { version, offsetSize, addressSize }: Encoding): number | undefined {
  switch (form) {
    case Form.FLAG_PRESENT:
    case Form.IMPLICIT_CONST:
      return 0;
    case Form.DATA1:
    case Form.FLAG:
    case Form.REF1:
    case Form.STRX1:
    case Form.ADDRX1:
      return 1;
    case Form.DATA2:
    case Form.REF2:
    case Form.STRX2:
    case Form.ADDRX2:
      return 2;
    case Form.STRX3:
    case Form.ADDRX3:
      return 3;
    case Form.DATA4:
    case Form.REF4:
    case Form.REF_SUP4:
    case Form.STRX4:
    case Form.ADDRX4:
      return 4;
    case Form.DATA8:
    case Form.REF8:
    case Form.REF_SIG8:
    case Form.REF_SUP8:
      return 8;
    case Form.DATA16:
      return 16;
    case Form.ADDR:
      return addressSize;
    case Form.REF_ADDR:
      return version === 2 ? addressSize : offsetSize;
    case Form.STRP:
    case Form.SEC_OFFSET:
    case Form.LINE_STRP:
    case Form.STRP_SUP:
    case Form.GNU_REF_ALT:
    case Form.GNU_STRP_ALT:
      return offsetSize;
    default:
      return undefined;
  }
}

/**
 * Reads a value: a number, an address or an offset; for an index, the index; for a string in place, where it is; of a block of bytes,
 * nothing: its length.
 * @throws RangeError for a form that there is not
 */
export function readForm(cursor: Cursor, form: number, encoding: Encoding, implicit: number): number {
  const size = sizeOfForm(form, encoding);
  switch (form) {
    case Form.FLAG_PRESENT:
      return 1;
    case Form.IMPLICIT_CONST:
      return implicit;
    case Form.STRX3:
    case Form.ADDRX3:
      return cursor.u24();
    case Form.DATA16:
      cursor.at += 16;
      return 0;
    case Form.SDATA:
      return cursor.sleb();
    case Form.UDATA:
    case Form.REF_UDATA:
    case Form.STRX:
    case Form.ADDRX:
    case Form.LOCLISTX:
    case Form.RNGLISTX:
      return cursor.uleb();
    case Form.STRING: {
      const { at } = cursor;
      cursor.skipString();
      return at;
    }
    case Form.BLOCK:
    case Form.EXPRLOC:
      return skip(cursor, cursor.uleb());
    case Form.BLOCK1:
      return skip(cursor, cursor.u8());
    case Form.BLOCK2:
      return skip(cursor, cursor.u16());
    case Form.BLOCK4:
      return skip(cursor, cursor.u32());
    case Form.INDIRECT:
      return readForm(cursor, cursor.uleb(), encoding, implicit);
    default:
      if (size === undefined) throw new RangeError(`no form 0x${form.toString(16)}`);
      return cursor.unsigned(size);
  }
}

function skip(cursor: Cursor, bytes: number): number {
  cursor.at += bytes;
  return bytes;
}

/** Where a unit's strings and addresses are listed. */
export interface Bases {
  readonly encoding: Encoding;
  readonly strOffsetsBase: number;
  readonly addrBase: number;
}

/**
 * The string that a value means.
 * @param inPlace the section in which a string in place is
 * @returns undefined for one in a supplementary file, which is not read
 */
export function stringOf(
  sections: DebugSections,
  { encoding: { offsetSize }, strOffsetsBase }: Bases,
  form: number,
  value: number,
  inPlace: Uint8Array,
): string | undefined {
  switch (form) {
    case Form.STRING:
      return new Cursor(inPlace, value).string();
    case Form.STRP:
      return new Cursor(sections.str, value).string();
    case Form.LINE_STRP:
      return new Cursor(sections.lineStr, value).string();
    case Form.STRX:
    case Form.STRX1:
    case Form.STRX2:
    case Form.STRX3:
    case Form.STRX4: {
      const at = new Cursor(sections.strOffsets, strOffsetsBase + value * offsetSize).unsigned(offsetSize);
      return new Cursor(sections.str, at).string();
    }
    default:
      return undefined;
  }
}

/** The address that an index means. */
export const indexedAddress = (
  sections: DebugSections,
  { encoding: { addressSize }, addrBase }: Bases,
  index: number,
): number => new Cursor(sections.addr, addrBase + index * addressSize).unsigned(addressSize);

/** The address that a value means. */
export const addressOf = (sections: DebugSections, bases: Bases, form: number, value: number): number =>
  form === Form.ADDR ? value : indexedAddress(sections, bases, value);

/** Whether a value is an address, and not a number or an offset. */
export const isAddress = (form: number): boolean =>
  form === Form.ADDR || form === Form.ADDRX || (form >= Form.ADDRX1 && form <= Form.ADDRX4);
