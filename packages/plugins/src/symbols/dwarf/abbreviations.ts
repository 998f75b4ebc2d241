import { Cursor } from "./cursor.js";
import { type Encoding, Form, sizeOfForm } from "./forms.js";

/** What entries of one kind consist of (DWARF 5, 7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeSpec[];
  /** Bytes of an entry, if all of this kind have as many. */
  readonly size: number | undefined;
}

/** An attribute of an abbreviation. */
export interface AttributeSpec {
  readonly name: number;
  readonly form: number;
  /** The value, if it stands here and not in the entries. */
  readonly implicit: number;
}

/** The abbreviations at one place, by their codes. */
export interface Abbreviations {
  /** Undefined for a code that there is not. @throws RangeError for damaged ones */
  get(code: number): Abbreviation | undefined;
}

/** Opens the abbreviations at an offset. They are read as far as one is asked for: a unit's own entry has the first. */
export function openAbbreviations(section: Uint8Array, offset: number, encoding: Encoding): Abbreviations {
  const cursor = new Cursor(section, offset);
  const found = new Map<number, Abbreviation>();
  let isRead = false;
  return {
    get(code) {
      while (!isRead && !found.has(code)) {
        const next = cursor.uleb();
        if (next === 0) isRead = true;
        else found.set(next, readAbbreviation(cursor, encoding));
      }
      return found.get(code);
    },
  };
}

function readAbbreviation(cursor: Cursor, encoding: Encoding): Abbreviation {
  const tag = cursor.uleb();
  const hasChildren = cursor.u8() !== 0;
  const attributes: AttributeSpec[] = [];
  let size: number | undefined = 0;
  for (;;) {
    const [name, form] = [cursor.uleb(), cursor.uleb()];
    const implicit = form === Form.IMPLICIT_CONST ? cursor.sleb() : 0;
    if (name === 0 && form === 0) return { tag, hasChildren, attributes, size };
    attributes.push({ name, form, implicit });
    const bytes = sizeOfForm(form, encoding);
    size = size === undefined || bytes === undefined ? undefined : size + bytes;
  }
}
