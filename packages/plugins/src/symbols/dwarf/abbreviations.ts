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

/** Reads the abbreviations at an offset, by their codes. @throws RangeError for damaged ones */
export function readAbbreviations(
  section: Uint8Array,
  offset: number,
  encoding: Encoding,
): ReadonlyMap<number, Abbreviation> {
  const cursor = new Cursor(section, offset);
  const found = new Map<number, Abbreviation>();
  for (let code = cursor.uleb(); code !== 0; code = cursor.uleb()) {
    const tag = cursor.uleb();
    const hasChildren = cursor.u8() !== 0;
    const attributes: AttributeSpec[] = [];
    let size: number | undefined = 0;
    for (;;) {
      const [name, form] = [cursor.uleb(), cursor.uleb()];
      const implicit = form === Form.IMPLICIT_CONST ? cursor.sleb() : 0;
      if (name === 0 && form === 0) break;
      attributes.push({ name, form, implicit });
      const bytes = sizeOfForm(form, encoding);
      size = size === undefined || bytes === undefined ? undefined : size + bytes;
    }
    found.set(code, { tag, hasChildren, attributes, size });
  }
  return found;
}
