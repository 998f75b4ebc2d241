import { Cursor } from "./cursor.js";
import { type Bases, readForm, stringOf } from "./forms.js";
import type { DebugSections } from "./sections.js";

/** The line table of a unit: rows by address, each of which goes up to the next. */
export interface LineTable {
  readonly length: number;
  readonly addresses: Float64Array;
  /** Index in {@link files}; -1 in a row that ends what is known. */
  readonly file: Int32Array;
  readonly line: Uint32Array;
  /** 0 for the whole line. */
  readonly column: Uint32Array;
  /** 1 where a statement begins. */
  readonly isStatement: Uint8Array;
  /** Paths; undefined where an index means none. */
  readonly files: readonly (string | undefined)[];
}

/** Opcodes (DWARF 5, 7.22). */
const Lns = {
  EXTENDED: 0,
  COPY: 1,
  ADVANCE_PC: 2,
  ADVANCE_LINE: 3,
  SET_FILE: 4,
  SET_COLUMN: 5,
  NEGATE_STMT: 6,
  CONST_ADD_PC: 8,
  FIXED_ADVANCE_PC: 9,
} as const;
const Lne = { END_SEQUENCE: 1, SET_ADDRESS: 2, DEFINE_FILE: 3 } as const;
const Lnct = { PATH: 1, DIRECTORY_INDEX: 2 } as const;

interface Row {
  readonly address: number;
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly isStatement: boolean;
}

/**
 * Executes a line number program (DWARF 5, 6.2).
 * @param isCode whether an address can be code: sequences that the linker has thrown away are left out
 * @throws RangeError for a damaged one
 */
export function readLineTable(
  sections: DebugSections,
  bases: Bases,
  folder: string,
  offset: number,
  isCode: (address: number) => boolean,
): LineTable {
  const cursor = new Cursor(sections.line, offset);
  const { length, offsetSize } = cursor.initialLength();
  const end = cursor.at + length;
  const version = cursor.u16();
  if (version < 2 || version > 5) throw new RangeError(`line numbers of version ${version}`);
  let { addressSize } = bases.encoding;
  if (version >= 5) {
    addressSize = cursor.u8();
    cursor.u8();
  }
  const headerLength = cursor.unsigned(offsetSize);
  const program = cursor.at + headerLength;
  const instructionLength = cursor.u8();
  if (version >= 4) cursor.u8();
  const startsStatement = cursor.u8() !== 0;
  const [lineBase, lineRange, opcodeBase] = [cursor.i8(), cursor.u8(), cursor.u8()];
  if (lineRange === 0) throw new RangeError("line numbers with no range");
  const operands = Array.from({ length: Math.max(0, opcodeBase - 1) }, () => cursor.u8());
  const names = { sections, bases: { ...bases, encoding: { version, offsetSize, addressSize } }, folder };
  const files = version >= 5 ? readFiles(cursor, names) : readOldFiles(cursor, folder);

  const rows: Row[] = [];
  let sequence: Row[] = [];
  let [address, file, line, column, isStatement] = [0, 1, 1, 0, startsStatement];
  const emit = (row: Partial<Row> = {}): unknown =>
    sequence.push({ address, file, line, column, isStatement, ...row });
  cursor.at = program;
  while (cursor.at < end) {
    const opcode = cursor.u8();
    if (opcode >= opcodeBase) {
      const adjusted = opcode - opcodeBase;
      address += instructionLength * Math.floor(adjusted / lineRange);
      line += lineBase + (adjusted % lineRange);
      emit();
      continue;
    }
    switch (opcode) {
      case Lns.EXTENDED: {
        const next = cursor.uleb() + cursor.at;
        const extended = cursor.u8();
        if (extended === Lne.END_SEQUENCE) {
          emit({ file: -1, line: 0, column: 0 });
          const [first] = sequence;
          if (first !== undefined && isCode(first.address)) for (const row of sequence) rows.push(row);
          sequence = [];
          [address, file, line, column, isStatement] = [0, 1, 1, 0, startsStatement];
        } else if (extended === Lne.SET_ADDRESS) {
          address = cursor.unsigned(addressSize);
        } else if (extended === Lne.DEFINE_FILE) {
          files.push(pathOf(cursor.string(), folder));
        }
        cursor.at = next;
        break;
      }
      case Lns.COPY:
        emit();
        break;
      case Lns.ADVANCE_PC:
        address += instructionLength * cursor.uleb();
        break;
      case Lns.ADVANCE_LINE:
        line += cursor.sleb();
        break;
      case Lns.SET_FILE:
        file = cursor.uleb();
        break;
      case Lns.SET_COLUMN:
        column = cursor.uleb();
        break;
      case Lns.NEGATE_STMT:
        isStatement = !isStatement;
        break;
      case Lns.CONST_ADD_PC:
        address += instructionLength * Math.floor((255 - opcodeBase) / lineRange);
        break;
      case Lns.FIXED_ADVANCE_PC:
        address += cursor.u16();
        break;
      default:
        for (let i = 0; i < (operands[opcode - 1] ?? 0); i++) cursor.uleb();
    }
  }
  return asTable(rows, files);
}

/** Rows in columns, by address; of several at one address, the last one that the program gave counts. */
function asTable(rows: readonly Row[], files: readonly (string | undefined)[]): LineTable {
  const sorted = [...rows].sort((a, b) => a.address - b.address || ends(b) - ends(a));
  return {
    length: sorted.length,
    addresses: Float64Array.from(sorted, (row) => row.address),
    file: Int32Array.from(sorted, (row) => row.file),
    line: Uint32Array.from(sorted, (row) => row.line),
    column: Uint32Array.from(sorted, (row) => row.column),
    isStatement: Uint8Array.from(sorted, (row) => (row.isStatement ? 1 : 0)),
    files,
  };
}

/** The end of one sequence comes before the beginning of the next at the same address. */
const ends = ({ file }: Row): number => (file < 0 ? 1 : 0);

interface Names {
  readonly sections: DebugSections;
  readonly bases: Bases;
  readonly folder: string;
}

/** Folders and files from version 5 on, both counted from 0. */
function readFiles(cursor: Cursor, { sections, bases, folder }: Names): (string | undefined)[] {
  const list = (): { path: string | undefined; folder: number }[] => {
    const formats = Array.from({ length: cursor.u8() }, () => [cursor.uleb(), cursor.uleb()] as const);
    const length = cursor.uleb();
    if (length > sections.line.length) throw new RangeError(`${length} files`);
    return Array.from({ length }, () => {
      const entry: { path: string | undefined; folder: number } = { path: undefined, folder: 0 };
      for (const [content, form] of formats) {
        const value = readForm(cursor, form, bases.encoding, 0);
        if (content === Lnct.PATH) entry.path = stringOf(sections, bases, form, value, sections.line);
        else if (content === Lnct.DIRECTORY_INDEX) entry.folder = value;
      }
      return entry;
    });
  };
  const folders = list().map(({ path }) => (path === undefined ? folder : pathOf(path, folder)));
  return list().map(({ path, folder: index }) =>
    path === undefined ? undefined : pathOf(path, folders[index] ?? folder),
  );
}

/** The same up to version 4: files are counted from 1, and folder 0 is the compiler's. */
function readOldFiles(cursor: Cursor, folder: string): (string | undefined)[] {
  const folders = [folder];
  for (let path = cursor.string(); path !== ""; path = cursor.string()) folders.push(pathOf(path, folder));
  const files: (string | undefined)[] = [undefined];
  for (let path = cursor.string(); path !== ""; path = cursor.string()) {
    files.push(pathOf(path, folders[cursor.uleb()] ?? folder));
    cursor.uleb();
    cursor.uleb();
  }
  return files;
}

const pathOf = (path: string, folder: string): string =>
  path.startsWith("/") || folder === "" ? path : `${folder}/${path}`;
