import type { AccessBytes } from "../isa/riscv/emitter.js";
import { RESERVATION_ADDRESS, RESERVATION_VALUE } from "../memory/layout.js";
import type { Body } from "../wasm/body.js";
import { type I32, type I64, i64, type Operand } from "../wasm/expr.js";

// What the emitters of the interpreter and of the translator write down alike.

/** Loads so many bytes and extends them to 64 bits. */
export function loadExtended(bytes: AccessBytes, signed: boolean, at: I32): I64 {
  switch (bytes) {
    case 1:
      return signed ? i64.load8_s(at) : i64.load8_u(at);
    case 2:
      return signed ? i64.load16_s(at) : i64.load16_u(at);
    case 4:
      return signed ? i64.load32_s(at) : i64.load32_u(at);
    case 8:
      return i64.load(at);
  }
}

const STORED_BITS = { 1: 8, 2: 16, 4: 32, 8: undefined } as const;

/** Stores the low bytes of a value. */
export function storeLow(b: Body, bytes: AccessBytes, at: I32, value: I64): void {
  b.store(at, value, 0, STORED_BITS[bytes]);
}

const MASK: Readonly<Record<AccessBytes, bigint>> = { 1: 0xffn, 2: 0xffffn, 4: 0xffff_ffffn, 8: -1n };

/** The low bytes of a value, zero-extended: how an access is told of. */
export function lowBytes(bytes: AccessBytes, value: I64): I64 {
  return bytes === 8 ? value : i64.and(value, MASK[bytes]);
}

/** An operand as an expression. */
export function toI64(value: Operand<"i64">): I64 {
  return typeof value === "object" ? value : i64.const(value);
}

/** The reservation of LR and SC, which is in memory whoever executes them. */
export interface ReservationEmitter {
  readonly reservationAddress: I64;
  readonly reservationValue: I64;
  reserve(address: Operand<"i64">, value: Operand<"i64">): void;
  cancelReservation(): void;
}

/** Makes what an emitter has for LR and SC. */
export function createReservationEmitter(b: Body): ReservationEmitter {
  return {
    reservationAddress: i64.load(0, RESERVATION_ADDRESS),
    reservationValue: i64.load(0, RESERVATION_VALUE),
    reserve(address, value) {
      b.store(0, toI64(address), RESERVATION_ADDRESS);
      b.store(0, toI64(value), RESERVATION_VALUE);
    },
    cancelReservation() {
      b.store(0, i64.const(-1), RESERVATION_ADDRESS);
    },
  };
}
