import { type I64, i64 } from "../../wasm/expr.js";
import { Exception } from "./emitter.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "A" Standard Extension for Atomic Instructions. Accesses of one hart are in order and
// harts run in turn, so `aq` and `rl` ask for nothing more.

const row = rowsOf("A");

type Combine = (old: I64, operand: I64) => I64;

interface Width {
  readonly suffix: "w" | "d";
  readonly funct3: string;
  readonly bytes: 4 | 8;
}

const WIDTHS: readonly Width[] = [
  { suffix: "w", funct3: "010", bytes: 4 },
  { suffix: "d", funct3: "011", bytes: 8 },
];

const readModifyWrite =
  (name: string, funct5: string, combine: Combine) =>
  ({ suffix, funct3, bytes }: Width): Row =>
    row(
      `${name}.${suffix}`,
      `${funct5} aq rl rs2 rs1 ${funct3} rd 0101111`,
      ["rd", "rs2", "atomicAddress"],
      (e) => {
        // The old value is sign-extended; so must be what it is compared with.
        const operand = e.let(bytes === 4 ? i64.extend32_s(e.rs2) : e.rs2);
        e.setRd(e.amo(bytes, e.rs1, (old) => combine(old, operand)));
      },
      { memory: { bytes, signed: true, load: true, store: true } },
    );

const loadReserved = ({ suffix, funct3, bytes }: Width): Row =>
  row(
    `lr.${suffix}`,
    `00010 aq rl 00000 rs1 ${funct3} rd 0101111`,
    ["rd", "atomicAddress"],
    (e) => {
      const address = e.let(e.rs1);
      e.requireAligned(bytes, address, Exception.LOAD_MISALIGNED);
      const value = e.readMemory(bytes, true, address);
      e.reserve(address, value);
      e.setRd(value);
    },
    { memory: { bytes, signed: true, load: true, store: false } },
  );

/**
 * Stores if memory still holds what LR read at that address, as QEMU does it; whatever happens, the
 * reservation is gone. Where the address is not the reserved one, memory is not touched at all.
 */
const storeConditional = ({ suffix, funct3, bytes }: Width): Row =>
  row(
    `sc.${suffix}`,
    `00011 aq rl rs2 rs1 ${funct3} rd 0101111`,
    ["rd", "rs2", "atomicAddress"],
    (e) => {
      const address = e.let(e.rs1);
      e.requireAligned(bytes, address, Exception.STORE_MISALIGNED);
      const failed = e.let(i64.const(1));
      e.if(i64.eq(address, e.reservationAddress), () => {
        const operand = e.let(e.rs2);
        const expected = e.let(e.reservationValue);
        const old = e.amo(bytes, address, (present) =>
          i64.select(i64.eq(present, expected), operand, present),
        );
        e.set(failed, i64.extend_i32_u(i64.ne(old, expected)));
      });
      e.cancelReservation();
      e.setRd(failed);
    },
    { memory: { bytes, signed: true, load: true, store: true } },
  );

const choose =
  (keepOld: (old: I64, operand: I64) => ReturnType<typeof i64.lt_s>): Combine =>
  (old, operand) =>
    i64.select(keepOld(old, operand), old, operand);

/** Atomic memory operations. Unsigned comparison of two sign-extended words orders them as unsigned words. */
export const rv64a: readonly Row[] = [
  ...WIDTHS.map(loadReserved),
  ...WIDTHS.map(storeConditional),
  ...WIDTHS.map(readModifyWrite("amoswap", "00001", (_old, operand) => operand)),
  ...WIDTHS.map(readModifyWrite("amoadd", "00000", i64.add)),
  ...WIDTHS.map(readModifyWrite("amoxor", "00100", i64.xor)),
  ...WIDTHS.map(readModifyWrite("amoand", "01100", i64.and)),
  ...WIDTHS.map(readModifyWrite("amoor", "01000", i64.or)),
  ...WIDTHS.map(readModifyWrite("amomin", "10000", choose(i64.lt_s))),
  ...WIDTHS.map(readModifyWrite("amomax", "10100", choose(i64.gt_s))),
  ...WIDTHS.map(readModifyWrite("amominu", "11000", choose(i64.lt_u))),
  ...WIDTHS.map(readModifyWrite("amomaxu", "11100", choose(i64.gt_u))),
];
