/** A field of an encoding. `imm` is every kind of immediate: offset, shift amount, number of a CSR. */
export type Field = "rd" | "rs1" | "rs2" | "rs3" | "rm" | "imm" | "aq" | "rl" | "pred" | "succ";

/** Values of fields; a field that is not named is 0. */
export type Fields = Partial<Readonly<Record<Field, number>>>;

/** Some neighbouring bits of an instruction, and where in a field they belong. */
interface Piece {
  readonly field: Field;
  /** Lowest bit in the instruction. */
  readonly low: number;
  readonly width: number;
  /** Lowest bit in the field. */
  readonly shift: number;
  /** Added to the field's value: 8 for the three-bit registers x8 to x15 of compressed instructions. */
  readonly base: number;
}

/** A parsed bit pattern. */
export interface Encoding {
  /** It is this instruction if `(bits & mask) === match`, as signed 32-bit numbers, and `nonzero` holds. */
  readonly mask: number;
  readonly match: number;
  readonly pieces: readonly Piece[];
  /** The same by field, to decode by: most instructions are decoded once, and before V8 has made this code fast. */
  readonly places: Readonly<Partial<Record<Field, readonly Piece[]>>>;
  /** Fields that must not be 0. */
  readonly nonzero: readonly Field[];
  /** How many bits the immediate has below its sign's end: it is sign-extended from here; 0 if unsigned. */
  readonly signedWidth: number;
}

const REGISTERS: Readonly<Record<string, readonly Field[]>> = {
  rd: ["rd"],
  rs1: ["rs1"],
  rs2: ["rs2"],
  rs3: ["rs3"],
  "rd/rs1": ["rd", "rs1"],
  // The immediate of csrrwi and its like stands where the others have rs1.
  zimm: ["rs1"],
};

const SMALL_FIELDS: Readonly<Record<string, { readonly field: Field; readonly width: number }>> = {
  rm: { field: "rm", width: 3 },
  aq: { field: "aq", width: 1 },
  rl: { field: "rl", width: 1 },
  pred: { field: "pred", width: 4 },
  succ: { field: "succ", width: 4 },
  csr: { field: "imm", width: 12 },
};

const IMMEDIATE = /^(nz)?(u?)imm\[([\d:|]+)\]$/;

/** The parts of one token of a pattern, before its place in the instruction is known. */
interface Token {
  readonly width: number;
  readonly fixed: string | undefined;
  readonly nonzero: Field | undefined;
  readonly signed: boolean;
  /** Pieces with `low` relative to the token's lowest bit. */
  readonly pieces: readonly Piece[];
}

function parseToken(text: string): Token {
  if (/^[01-]+$/.test(text)) {
    return { width: text.length, fixed: text, nonzero: undefined, signed: false, pieces: [] };
  }
  const immediate = IMMEDIATE.exec(text);
  if (immediate !== null) {
    const [, nonzero, unsigned, ranges = ""] = immediate;
    let width = 0;
    const pieces: Piece[] = [];
    for (const range of ranges.split("|").reverse()) {
      const [high = 0, low = high] = range.split(":").map(Number);
      pieces.push({ field: "imm", low: width, width: high - low + 1, shift: low, base: 0 });
      width += high - low + 1;
    }
    return {
      width,
      fixed: undefined,
      nonzero: nonzero ? "imm" : undefined,
      signed: unsigned === "",
      pieces,
    };
  }
  const name = text.replace("≠0", "");
  const small = SMALL_FIELDS[name];
  const compact = name.includes("'");
  const fields = small === undefined ? REGISTERS[name.replaceAll("'", "")] : [small.field];
  if (fields === undefined) throw new Error(`"${text}" is not part of an encoding`);
  const width = small?.width ?? (compact ? 3 : 5);
  return {
    width,
    fixed: undefined,
    nonzero: name === text ? undefined : fields[0],
    signed: false,
    pieces: fields.map((field) => ({ field, low: 0, width, shift: 0, base: compact ? 8 : 0 })),
  };
}

/**
 * Parses a bit pattern in the notation of the manual's instruction tables, highest bit first:
 * `0` and `1` are fixed, `-` is ignored, `rd` and its like are registers, `rd'` those of three bits,
 * `imm[12|10:5]` says which bits of the immediate stand there, `uimm` is one without sign, and a prefix
 * `nz` or a suffix `≠0` makes zero another instruction (or none).
 *
 * ```ts
 * parseEncoding("imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011"); // beq
 * ```
 *
 * @throws Error if the pattern is not of that form, or not of 16 or 32 bits.
 */
export function parseEncoding(pattern: string): Encoding {
  let at = 0;
  let mask = 0;
  let match = 0;
  let signedWidth = 0;
  const pieces: Piece[] = [];
  const nonzero = new Set<Field>();
  for (const token of pattern.split(" ").reverse().map(parseToken)) {
    [...(token.fixed ?? "")].reverse().forEach((bit, i) => {
      if (bit !== "-") mask |= 1 << (at + i);
      if (bit === "1") match |= 1 << (at + i);
    });
    for (const piece of token.pieces) {
      pieces.push({ ...piece, low: at + piece.low });
      if (token.signed) signedWidth = Math.max(signedWidth, piece.shift + piece.width);
    }
    if (token.nonzero !== undefined) nonzero.add(token.nonzero);
    at += token.width;
  }
  if (at !== 16 && at !== 32) throw new Error(`"${pattern}" has ${at} bits`);
  return { mask, match, pieces, places: placesOf(pieces), nonzero: [...nonzero], signedWidth };
}

function placesOf(pieces: readonly Piece[]): Encoding["places"] {
  const places: Partial<Record<Field, Piece[]>> = {};
  for (const piece of pieces) {
    const place = places[piece.field];
    if (place === undefined) places[piece.field] = [piece];
    else place.push(piece);
  }
  return places;
}

/** The value of a field in an instruction that has this encoding; 0 if there is no such field. */
export function extract(encoding: Encoding, field: Field, bits: number): number {
  const place = encoding.places[field];
  if (place === undefined) return 0;
  let value = 0;
  for (const piece of place) {
    value |= ((bits >>> piece.low) & ((1 << piece.width) - 1)) << piece.shift;
    value += piece.base;
  }
  const spare = 32 - encoding.signedWidth;
  return field === "imm" && spare < 32 ? (value << spare) >> spare : value;
}

/** Whether these bits are an instruction of this encoding. */
export function matches(encoding: Encoding, bits: number): boolean {
  if ((bits & encoding.mask) !== encoding.match) return false;
  for (const field of encoding.nonzero) if (extract(encoding, field, bits) === 0) return false;
  return true;
}

/**
 * Assembles: the bits (unsigned) of an instruction with this encoding and these fields. Field bits that the
 * encoding has no place for are dropped.
 *
 * ```ts
 * encode(instructionNamed("addi").encoding, { rd: 10, rs1: 0, imm: -1 }); // li a0,-1
 * ```
 */
export function encode(encoding: Encoding, fields: Fields): number {
  let bits = encoding.match;
  for (const { field, low, width, shift, base } of encoding.pieces) {
    const value = (fields[field] ?? base) - base;
    bits |= ((value >> shift) & ((1 << width) - 1)) << low;
  }
  return bits >>> 0;
}
