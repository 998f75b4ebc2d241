import { Cursor } from "./cursor.js";
import { Attribute, readAttributes } from "./entry.js";
import { Form, stringOf } from "./forms.js";
import type { DebugSections } from "./sections.js";
import type { Unit } from "./unit.js";

/** What a function is called. */
export interface FunctionName {
  /** In its source, without what it is a member of. */
  readonly name: string | undefined;
  /** As the linker would know it. */
  readonly linkageName: string | undefined;
}

/** A declaration may stand for a declaration, but not for ever. */
const MOST_ORIGINS = 16;

/**
 * The name of the function whose entry is at an offset: its own, or that of what it is an instance of, or a definition of.
 * @throws RangeError for damaged entries
 */
export function functionName(sections: DebugSections, units: readonly Unit[], offset: number): FunctionName {
  let name: string | undefined;
  let linkageName: string | undefined;
  let at: number | undefined = offset;
  for (let i = 0; at !== undefined && i < MOST_ORIGINS && linkageName === undefined; i++) {
    const unit: Unit | undefined = unitAt(units, at);
    const cursor = new Cursor(sections.info, at);
    const abbreviation = unit?.abbreviations.get(cursor.uleb());
    if (unit === undefined || abbreviation === undefined) break;
    const attributes = readAttributes(cursor, abbreviation, unit.encoding);
    const text = (attribute: number): string | undefined => {
      const found = attributes.get(attribute);
      return found && stringOf(sections, unit, found.form, found.value, sections.info);
    };
    name ??= text(Attribute.NAME);
    linkageName = text(Attribute.LINKAGE_NAME) ?? text(Attribute.MIPS_LINKAGE_NAME);
    const origin = attributes.get(Attribute.ABSTRACT_ORIGIN) ?? attributes.get(Attribute.SPECIFICATION);
    at = origin && offsetIn(unit, origin.form, origin.value);
  }
  return { name, linkageName };
}

/** Where a reference leads; undefined for one into another file, or to a type unit. */
function offsetIn(unit: Unit, form: number, value: number): number | undefined {
  switch (form) {
    case Form.REF_ADDR:
      return value;
    case Form.REF1:
    case Form.REF2:
    case Form.REF4:
    case Form.REF8:
    case Form.REF_UDATA:
      return unit.start + value;
    default:
      return undefined;
  }
}

/** The unit that an offset of `.debug_info` is in. */
function unitAt(units: readonly Unit[], offset: number): Unit | undefined {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((units[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const unit = units[low - 1];
  return unit !== undefined && offset < unit.end ? unit : undefined;
}
