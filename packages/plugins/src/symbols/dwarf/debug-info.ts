import type { ElfFile } from "@qpp/emulator/elf";
import type { LineRow } from "../contract.js";
import { createIntervalMap } from "../interval-map.js";
import { type Functions, readFunctions } from "./functions.js";
import { type LineTable, readLineTable } from "./line-program.js";
import { type FunctionName, functionName } from "./names.js";
import { rangesOf } from "./ranges.js";
import { debugSections } from "./sections.js";
import { readUnits, type Unit } from "./unit.js";

/** A function at an address, with a place in the source. */
export interface DebugFrame extends FunctionName {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly isInlined: boolean;
}

/** DWARF debug information, versions 2 to 5, of one file. Addresses are those in the file. */
export interface DebugInfo {
  /** The functions that an address belongs to, from the outermost to the one inlined last; empty if nothing is known of it. */
  framesAt(address: number): readonly DebugFrame[];
  /** All rows of all line tables, in no order. */
  rows(): Iterable<LineRow>;
}

/** A unit, with what is read of it when it is asked for. */
interface ReadUnit {
  readonly unit: Unit;
  lines(): LineTable | undefined;
  functions(): Functions | undefined;
}

/**
 * Opens a file's debug information: reads the heads of its units, and the rest of a unit when an address in it is asked for.
 * @param damaged told what cannot be read, which is then missing
 */
export function openDebugInfo(elf: ElfFile, damaged: (problem: string) => void): DebugInfo {
  const sections = debugSections(elf);
  const code = elf.segments.filter(({ executable }) => executable);
  const isCode = (address: number): boolean =>
    address > 0 && code.some((s) => address >= s.address && address < s.address + s.memorySize);
  const units = readUnits(sections, ({ message }) => damaged(message));

  /** What `read` gives, worked out once; undefined if it is damaged. */
  function once<T>(read: () => T): () => T | undefined {
    let made: { readonly value: T | undefined } | undefined;
    return () => {
      if (made === undefined) {
        try {
          made = { value: read() };
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          damaged(error.message);
          made = { value: undefined };
        }
      }
      return made.value;
    };
  }
  const read: readonly ReadUnit[] = units.map((unit) => ({
    unit,
    lines: once(() =>
      unit.lines === undefined ? undefined : readLineTable(sections, unit, unit.folder, unit.lines, isCode),
    ),
    functions: once(() => readFunctions(sections, unit, isCode)),
  }));
  const unitAt = unitsByAddress(
    read,
    ({ unit }) =>
      once(() => rangesOf(sections, unit, unit.attributes))()?.filter(([start]) => isCode(start)) ?? [],
  );
  const nameOf = (at: number): FunctionName =>
    once(() => functionName(sections, units, at))() ?? { name: undefined, linkageName: undefined };

  return {
    framesAt(address) {
      const found = unitAt(address);
      if (found === undefined) return [];
      const lines = found.lines();
      const functions = found.functions();
      const row = lines === undefined ? -1 : rowAt(lines, address);
      let file = row < 0 ? undefined : lines?.files[lines.file[row] ?? -1];
      let line = row < 0 ? undefined : lines?.line[row] || undefined;
      let column = row < 0 ? undefined : lines?.column[row] || undefined;
      const frames: DebugFrame[] = [];
      for (let index = functions?.at(address) ?? -1; index >= 0; ) {
        const entry = functions?.entries[index];
        if (entry === undefined) break;
        frames.unshift({ ...nameOf(entry.at), file, line, column, isInlined: entry.isInlined });
        file = entry.callFile === undefined ? undefined : lines?.files[entry.callFile];
        line = entry.callLine || undefined;
        column = entry.callColumn || undefined;
        index = entry.parent;
      }
      const isUnknown = frames.length === 0 && file !== undefined;
      return isUnknown
        ? [{ name: undefined, linkageName: undefined, file, line, column, isInlined: false }]
        : frames;
    },
    *rows() {
      const seen = new Set<number>();
      for (const { unit, lines } of read) {
        if (unit.lines === undefined || seen.has(unit.lines)) continue;
        seen.add(unit.lines);
        const table = lines();
        if (table !== undefined) yield* rowsOf(table);
      }
    },
  };
}

function* rowsOf(table: LineTable): Iterable<LineRow> {
  for (let row = 0; row + 1 < table.length; row++) {
    const file = table.files[table.file[row] ?? -1];
    const [start, end] = [table.addresses[row] ?? 0, table.addresses[row + 1] ?? 0];
    const line = table.line[row] ?? 0;
    if (file === undefined || line === 0 || start === end) continue;
    yield { start, end, file, line, isStatement: table.isStatement[row] === 1 };
  }
}

/** The last row up to an address; -1 if that ends what is known, or there is none. */
function rowAt({ addresses, file, length }: LineTable, address: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((addresses[middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return (file[low - 1] ?? -1) < 0 ? -1 : low - 1;
}

function unitsByAddress(
  units: readonly ReadUnit[],
  rangesOfUnit: (unit: ReadUnit) => readonly (readonly [number, number])[],
): (address: number) => ReadUnit | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  const owners: ReadUnit[] = [];
  for (const unit of units) {
    for (const [start, end] of rangesOfUnit(unit)) {
      starts.push(start);
      ends.push(end);
      owners.push(unit);
    }
  }
  const map = createIntervalMap(Float64Array.from(starts), Float64Array.from(ends));
  return (address) => owners[map.find(address)];
}
