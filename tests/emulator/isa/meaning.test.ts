import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instructions } from "../../../packages/emulator/src/isa/riscv/table.js";
import { evaluate, flags, MEMORY, PC_VALUE } from "./evaluate.js";

const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);
const s64 = (x: bigint): bigint => BigInt.asIntN(64, x);
const s32 = (x: bigint): bigint => BigInt.asIntN(32, x);
const u32 = (x: bigint): bigint => BigInt.asUintN(32, x);
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Signed 64-bit values; half of them near a place where something happens. */
const value = fc.oneof(
  fc.bigInt(MIN, MAX),
  fc
    .tuple(
      fc.constantFrom(0n, MIN, MAX, 2n ** 31n, -(2n ** 31n), 2n ** 32n, -(2n ** 32n)),
      fc.bigInt(-2n, 2n),
    )
    .map(([edge, offset]) => s64(edge + offset)),
);
const imm12 = fc.bigInt(-2048n, 2047n);

type Model = (a: bigint, b: bigint) => bigint;

const quotient = (a: bigint, b: bigint): bigint => (b === 0n ? -1n : a / b);
const either = (first: boolean, a: bigint, b: bigint): bigint => (first ? a : b);
const rest = (a: bigint, b: bigint): bigint => (b === 0n ? a : a % b);

/** What the manual says, over the unbounded integers; operands are signed. */
const REGISTERS: Readonly<Record<string, Model>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  sll: (a, b) => a << (b & 63n),
  slt: (a, b) => (a < b ? 1n : 0n),
  sltu: (a, b) => (u64(a) < u64(b) ? 1n : 0n),
  xor: (a, b) => a ^ b,
  srl: (a, b) => u64(a) >> (b & 63n),
  sra: (a, b) => a >> (b & 63n),
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  addw: (a, b) => s32(a + b),
  subw: (a, b) => s32(a - b),
  sllw: (a, b) => s32(a << (b & 31n)),
  srlw: (a, b) => s32(u32(a) >> (b & 31n)),
  sraw: (a, b) => s32(a) >> (b & 31n),
  mul: (a, b) => a * b,
  mulh: (a, b) => (a * b) >> 64n,
  mulhsu: (a, b) => (a * u64(b)) >> 64n,
  mulhu: (a, b) => (u64(a) * u64(b)) >> 64n,
  div: quotient,
  divu: (a, b) => quotient(u64(a), u64(b)),
  rem: rest,
  remu: (a, b) => rest(u64(a), u64(b)),
  mulw: (a, b) => s32(a * b),
  divw: (a, b) => s32(quotient(s32(a), s32(b))),
  divuw: (a, b) => s32(quotient(u32(a), u32(b))),
  remw: (a, b) => s32(rest(s32(a), s32(b))),
  remuw: (a, b) => s32(rest(u32(a), u32(b))),

  "add.uw": (a, b) => u32(a) + b,
  sh1add: (a, b) => 2n * a + b,
  sh2add: (a, b) => 4n * a + b,
  sh3add: (a, b) => 8n * a + b,
  "sh1add.uw": (a, b) => 2n * u32(a) + b,
  "sh2add.uw": (a, b) => 4n * u32(a) + b,
  "sh3add.uw": (a, b) => 8n * u32(a) + b,
  andn: (a, b) => a & ~b,
  orn: (a, b) => a | ~b,
  xnor: (a, b) => ~(a ^ b),
  min: (a, b) => either(a < b, a, b),
  minu: (a, b) => either(u64(a) < u64(b), a, b),
  max: (a, b) => either(a < b, b, a),
  maxu: (a, b) => either(u64(a) < u64(b), b, a),
  rol: (a, b) => rotatedLeft(64, a, b & 63n),
  ror: (a, b) => rotatedLeft(64, a, 64n - (b & 63n)),
  rolw: (a, b) => s32(rotatedLeft(32, a, b & 31n)),
  rorw: (a, b) => s32(rotatedLeft(32, a, 32n - (b & 31n))),
  bclr: (a, b) => a & ~(1n << (b & 63n)),
  bext: (a, b) => (a >> (b & 63n)) & 1n,
  binv: (a, b) => a ^ (1n << (b & 63n)),
  bset: (a, b) => a | (1n << (b & 63n)),
  "czero.eqz": (a, b) => (b === 0n ? 0n : a),
  "czero.nez": (a, b) => (b !== 0n ? 0n : a),
};

/** The bits of a value, highest first. */
const digits = (width: 32 | 64, x: bigint): string =>
  BigInt.asUintN(width, x).toString(2).padStart(width, "0");
const fromDigits = (text: string): bigint => BigInt(`0b${text}`);
const bytesOf = (x: bigint): string[] => digits(64, x).match(/.{8}/g) ?? [];

function rotatedLeft(width: 32 | 64, x: bigint, by: bigint): bigint {
  const text = digits(width, x);
  return fromDigits(text.slice(Number(by)) + text.slice(0, Number(by)));
}

const leadingZeros = (text: string): bigint => BigInt(`${text}1`.indexOf("1"));
const reversed = (text: string): string => [...text].reverse().join("");
const ones = (text: string): bigint => BigInt(text.replaceAll("0", "").length);

/** Instructions with one source, over its digits. */
const UNARY: Readonly<Record<string, (x: bigint) => bigint>> = {
  clz: (x) => leadingZeros(digits(64, x)),
  ctz: (x) => leadingZeros(reversed(digits(64, x))),
  cpop: (x) => ones(digits(64, x)),
  clzw: (x) => leadingZeros(digits(32, x)),
  ctzw: (x) => leadingZeros(reversed(digits(32, x))),
  cpopw: (x) => ones(digits(32, x)),
  "sext.b": (x) => BigInt.asIntN(8, x),
  "sext.h": (x) => BigInt.asIntN(16, x),
  "zext.h": (x) => BigInt.asUintN(16, x),
  "orc.b": (x) =>
    fromDigits(
      bytesOf(x)
        .map((byte) => (byte.includes("1") ? "1" : "0").repeat(8))
        .join(""),
    ),
  rev8: (x) => fromDigits(bytesOf(x).reverse().join("")),
};

const IMMEDIATES: Readonly<Record<string, string>> = {
  addi: "add",
  slti: "slt",
  sltiu: "sltu",
  xori: "xor",
  ori: "or",
  andi: "and",
  addiw: "addw",
  slli: "sll",
  srli: "srl",
  srai: "sra",
  slliw: "sllw",
  srliw: "srlw",
  sraiw: "sraw",
  rori: "ror",
  roriw: "rorw",
  bclri: "bclr",
  bexti: "bext",
  binvi: "binv",
  bseti: "bset",
};

const BRANCHES: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => a < b,
  bge: (a, b) => a >= b,
  bltu: (a, b) => u64(a) < u64(b),
  bgeu: (a, b) => u64(a) >= u64(b),
};

const NOTHING = { rd: undefined, fd: undefined, csr: undefined, target: undefined, exception: undefined };

describe("integer instructions", () => {
  test.each(Object.entries(REGISTERS))("%s", (name, model) => {
    fc.assert(
      fc.property(value, value, (rs1, rs2) => {
        expect(evaluate(name, { rs1, rs2 })).toMatchObject({ ...NOTHING, rd: u64(model(rs1, rs2)) });
      }),
      {
        numRuns: 1000,
        examples: [
          [MIN, -1n],
          [-(2n ** 31n), -1n],
          [1n, 0n],
          [-1n, 2n ** 32n],
        ],
      },
    );
  });

  test.each(Object.entries(IMMEDIATES))("%s is %s with an immediate", (name, registers) => {
    const amounts = fc.bigInt(0n, name.endsWith("w") ? 31n : 63n);
    fc.assert(
      fc.property(value, /^(s[lr][la]|ror|bclr|bext|binv|bset)i/.test(name) ? amounts : imm12, (rs1, imm) => {
        expect(evaluate(name, { rs1, imm }).rd).toBe(u64(REGISTERS[registers]?.(rs1, imm) ?? 0n));
      }),
    );
  });

  test("slli.uw", () => {
    fc.assert(
      fc.property(value, fc.bigInt(0n, 63n), (rs1, imm) => {
        expect(evaluate("slli.uw", { rs1, imm }).rd).toBe(u64(u32(rs1) << imm));
      }),
    );
  });

  test.each(Object.entries(UNARY))("%s", (name, model) => {
    const oneBit = fc.bigInt(0n, 63n).map((at) => s64(1n << at));
    const someBytes = fc
      .array(fc.constantFrom(0n, 1n, 0x80n, 0xffn), { minLength: 8, maxLength: 8 })
      .map((bytes) => s64(bytes.reduce<bigint>((all, byte) => (all << 8n) | byte, 0n)));
    fc.assert(
      fc.property(fc.oneof(value, oneBit, someBytes), (rs1) => {
        expect(evaluate(name, { rs1 })).toMatchObject({ ...NOTHING, rd: u64(model(rs1)) });
      }),
      { numRuns: 1000, examples: [[0n], [-1n], [1n << 32n]] },
    );
  });

  test.each(Object.entries(BRANCHES))("%s", (name, model) => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(value, value),
          value.map((x) => [x, x]),
        ),
        ([rs1 = 0n, rs2 = 0n]) => {
          const target = model(rs1, rs2) ? PC_VALUE - 8n : PC_VALUE + 4n;
          expect(evaluate(name, { rs1, rs2, imm: -8n })).toMatchObject({ ...NOTHING, target });
        },
      ),
    );
  });

  test("lui, auipc, jal, jalr", () => {
    expect(evaluate("lui", { imm: -4096n }).rd).toBe(u64(-4096n));
    expect(evaluate("auipc", { imm: -4096n }).rd).toBe(PC_VALUE - 4096n);
    expect(evaluate("jal", { imm: 16n })).toMatchObject({ rd: PC_VALUE + 4n, target: PC_VALUE + 16n });
    expect(evaluate("jalr", { rs1: 0x2000n, imm: 7n })).toMatchObject({ rd: PC_VALUE + 4n, target: 0x2006n });
  });

  test("fences do nothing; ecall and ebreak raise", () => {
    for (const name of ["fence", "fence.tso", "fence.i"]) expect(evaluate(name, {})).toMatchObject(NOTHING);
    expect(evaluate("ecall", {}).exception).toBe(8);
    expect(evaluate("ebreak", {}).exception).toBe(3);
  });

  test("what needs privilege is illegal", () => {
    const rows = instructions.filter((i) => i.extension === "privileged");
    expect(rows.length).toBeGreaterThan(0);
    for (const { name } of rows) expect(evaluate(name, {})).toMatchObject({ ...NOTHING, exception: 2 });
    expect(evaluate("unimp", {}).exception).toBe(2);
  });
});

describe("memory", () => {
  const BYTES = 0xf1e2d3c4b5a69788n;
  test.each([
    ["lb", 0xffffffffffffff88n],
    ["lbu", 0x88n],
    ["lh", 0xffffffffffff9788n],
    ["lhu", 0x9788n],
    ["lw", 0xffffffffb5a69788n],
    ["lwu", 0xb5a69788n],
    ["ld", BYTES],
  ])("%s extends to %d", (name, rd) => {
    expect(evaluate(name, { rs1: MEMORY + 16n, imm: -16n, memory: BYTES })).toMatchObject({ ...NOTHING, rd });
  });

  test.each([
    ["sb", 0xf1e2d3c4b5a69711n],
    ["sh", 0xf1e2d3c4b5a62211n],
    ["sw", 0xf1e2d3c444332211n],
    ["sd", 0x8877665544332211n],
  ])("%s stores the low bytes", (name, memory) => {
    const rs2 = 0x8877665544332211n;
    expect(evaluate(name, { rs1: MEMORY - 8n, imm: 8n, rs2, memory: BYTES })).toMatchObject({
      ...NOTHING,
      memory,
    });
  });

  test("single loads are NaN-boxed, stores take the low half as it is", () => {
    expect(evaluate("flw", { rs1: MEMORY, memory: BYTES }).fd).toBe(0xffffffffb5a69788n);
    expect(evaluate("fld", { rs1: MEMORY, memory: BYTES }).fd).toBe(BYTES);
    expect(evaluate("fsw", { rs1: MEMORY, fs2: 5n }).memory).toBe(5n);
    expect(evaluate("fsd", { rs1: MEMORY, fs2: BYTES }).memory).toBe(BYTES);
  });
});

describe("atomics", () => {
  type Key = (x: bigint) => bigint;
  const lesser = (a: bigint, b: bigint, key: Key): bigint => (key(a) < key(b) ? a : b);
  const greater = (a: bigint, b: bigint, key: Key): bigint => (key(a) < key(b) ? b : a);
  const COMBINE: Readonly<Record<string, Model>> = {
    amoswap: (_old, b) => b,
    amoadd: (old, b) => old + b,
    amoxor: (old, b) => old ^ b,
    amoand: (old, b) => old & b,
    amoor: (old, b) => old | b,
    amomin: (old, b) => lesser(old, b, (x) => x),
    amomax: (old, b) => greater(old, b, (x) => x),
    amominu: (old, b) => lesser(old, b, u64),
    amomaxu: (old, b) => greater(old, b, u64),
  };

  test.each(Object.entries(COMBINE))("%s", (name, model) => {
    fc.assert(
      fc.property(value, value, (memory, rs2) => {
        expect(evaluate(`${name}.d`, { rs1: MEMORY, rs2, memory })).toMatchObject({
          rd: u64(memory),
          memory: u64(model(memory, rs2)),
        });
        const low = u32(model(s32(memory), s32(rs2)));
        expect(evaluate(`${name}.w`, { rs1: MEMORY, rs2, memory })).toMatchObject({
          rd: u64(s32(memory)),
          memory: (u64(memory) & ~0xffffffffn) | low,
        });
      }),
    );
  });

  test("lr reserves what it reads", () => {
    const memory = 0xf1e2d3c4b5a69788n;
    expect(evaluate("lr.w", { rs1: MEMORY, memory })).toMatchObject({
      rd: 0xffffffffb5a69788n,
      reservation: MEMORY,
    });
    expect(evaluate("lr.d", { rs1: MEMORY, memory })).toMatchObject({ rd: memory, reservation: MEMORY });
  });

  test.each([
    ["stores where the reservation is", [MEMORY, 7n], 7n, 0n, 9n],
    ["fails elsewhere", [MEMORY + 8n, 7n], 7n, 1n, 7n],
    ["fails without one", [-1n, 7n], 7n, 1n, 7n],
    ["fails if memory has changed", [MEMORY, 7n], 8n, 1n, 8n],
  ] as const)("sc %s", (_, reservation, memory, rd, after) => {
    for (const name of ["sc.w", "sc.d"]) {
      expect(evaluate(name, { rs1: MEMORY, rs2: 9n, memory, reservation })).toMatchObject({
        rd,
        memory: after,
        reservation: u64(-1n),
      });
    }
  });

  test("must be aligned", () => {
    for (const [name, exception] of [
      ["lr.w", 4],
      ["sc.d", 6],
      ["amoadd.w", 6],
    ] as const) {
      expect(evaluate(name, { rs1: MEMORY + 2n }).exception).toBe(exception);
    }
  });
});

describe("control and status registers", () => {
  test.each([
    ["csrrw", 0b0110n],
    ["csrrs", 0b1110n],
    ["csrrc", 0b1000n],
    ["csrrwi", 0b0101n],
    ["csrrsi", 0b1101n],
    ["csrrci", 0b1000n],
  ])("%s", (name, after) => {
    const inputs = { csr: 0b1100n, rs1: 0b0110n, rs1Field: 0b0101n };
    expect(evaluate(name, inputs)).toMatchObject({ rd: 0b1100n, csr: after });
  });

  test("only csrrw writes if the rs1 field is 0", () => {
    const written = ["csrrw", "csrrwi", "csrrs", "csrrc", "csrrsi", "csrrci"].filter(
      (name) => evaluate(name, { csr: 3n }).csr !== undefined,
    );
    expect(written).toEqual(["csrrw", "csrrwi"]);
  });
});

describe("floating point", () => {
  const view = new DataView(new ArrayBuffer(8));
  const single = (x: number): bigint => {
    view.setFloat32(0, x);
    return 0xffffffff00000000n | BigInt(view.getUint32(0));
  };
  const double = (x: number): bigint => {
    view.setFloat64(0, x);
    return view.getBigUint64(0);
  };
  const FORMATS = { s: single, d: double };
  const CANONICAL_SINGLE = 0xffffffff7fc00000n;

  describe.each(Object.entries(FORMATS))("format %s", (suffix, bits) => {
    const inputs = { fs1: bits(6), fs2: bits(-2), fs3: bits(5) };

    test.each([
      ["fadd", 4],
      ["fsub", 8],
      ["fmul", -12],
      ["fdiv", -3],
      ["fmin", -2],
      ["fmax", 6],
      ["fsgnj", -6],
      ["fsgnjn", 6],
      ["fsgnjx", -6],
      ["fmadd", -7],
      ["fmsub", -17],
      ["fnmsub", 17],
      ["fnmadd", 7],
    ])("%s of 6, -2 (and 5) is %d", (name, result) => {
      expect(evaluate(`${name}.${suffix}`, inputs)).toMatchObject({ ...NOTHING, fd: bits(result) });
      expect(flags()).toBe(0);
    });

    test("fsqrt", () => {
      expect(evaluate(`fsqrt.${suffix}`, { fs1: bits(9) }).fd).toBe(bits(3));
    });

    test("compares", () => {
      const results = ["feq", "flt", "fle"].map((name) =>
        [
          [1, 2],
          [2, 2],
          [2, 1],
        ].map(([a = 0, b = 0]) => evaluate(`${name}.${suffix}`, { fs1: bits(a), fs2: bits(b) }).rd),
      );
      expect(results).toEqual([
        [0n, 1n, 0n],
        [1n, 0n, 0n],
        [1n, 1n, 0n],
      ]);
    });

    test("fclass", () => {
      const classes = [-Infinity, -1, -0, 0, 1, Infinity, NaN].map(
        (x) => evaluate(`fclass.${suffix}`, { fs1: bits(x) }).rd,
      );
      expect(classes).toEqual([1n, 2n, 8n, 16n, 64n, 128n, 512n]);
    });

    test("fcvt to integers takes the rounding mode, and saturates", () => {
      const rounded = [0n, 1n, 2n, 3n, 4n].map(
        (rm) => evaluate(`fcvt.l.${suffix}`, { fs1: bits(-2.5), rm }).rd,
      );
      expect(rounded).toEqual([-2n, -2n, -3n, -2n, -3n].map(u64));
      const large = ["w", "wu", "l", "lu"].map(
        (type) => evaluate(`fcvt.${type}.${suffix}`, { fs1: bits(1e30) }).rd,
      );
      expect(large).toEqual([2n ** 31n - 1n, u64(-1n), MAX, u64(-1n)]);
    });

    test("fcvt from integers looks at as many bits as it says", () => {
      const types = ["w", "wu", "l", "lu"].map((type) => evaluate(`fcvt.${suffix}.${type}`, { rs1: -1n }).fd);
      expect(types).toEqual([-1, 2 ** 32 - (suffix === "d" ? 1 : 0), -1, 2 ** 64].map(bits));
    });
  });

  test("every instruction with a rounding mode is illegal if that is invalid", () => {
    const withMode = instructions.filter((i) => i.operands.some((o) => o.startsWith("rm")));
    // Of each format: 4 fused, 4 binary, sqrt, 4 to and 4 from integers; and 2 from format to format.
    expect(withMode.length).toBe(36);
    for (const { name } of withMode) {
      expect(evaluate(name, { rm: 5n })).toMatchObject({ ...NOTHING, exception: 2 });
    }
  });

  test("a single that is not NaN-boxed is the canonical NaN", () => {
    const [boxed, bare] = [single(1), single(1) & 0xffffffffn];
    for (const fs1 of [bare, bare | 0xfffffffe00000000n]) {
      expect(evaluate("fadd.s", { fs1, fs2: boxed }).fd).toBe(CANONICAL_SINGLE);
      expect(evaluate("fsgnj.s", { fs1, fs2: boxed }).fd).toBe(CANONICAL_SINGLE);
      expect(evaluate("fsgnj.s", { fs1: boxed, fs2: fs1 | 0x80000000n }).fd).toBe(single(1));
      expect(evaluate("fclass.s", { fs1 }).rd).toBe(512n);
      expect(evaluate("fcvt.d.s", { fs1 }).fd).toBe(0x7ff8000000000000n);
      expect(evaluate("fmax.s", { fs1, fs2: boxed }).fd).toBe(boxed);
    }
  });

  test("moves take bits as they are", () => {
    const bits = 0x123456789abcdef0n;
    expect(evaluate("fmv.x.w", { fs1: bits }).rd).toBe(0xffffffff9abcdef0n);
    expect(evaluate("fmv.w.x", { rs1: bits }).fd).toBe(0xffffffff9abcdef0n);
    expect(evaluate("fmv.x.d", { fs1: bits }).rd).toBe(bits);
    expect(evaluate("fmv.d.x", { rs1: bits }).fd).toBe(bits);
  });

  test("conversion between formats", () => {
    expect(evaluate("fcvt.d.s", { fs1: single(1.5) }).fd).toBe(double(1.5));
    expect(evaluate("fcvt.s.d", { fs1: double(0.1) }).fd).toBe(single(Math.fround(0.1)));
    expect(flags()).toBe(1);
  });

  test("a fused multiply-add rounds once", () => {
    const x = 1 + 2 ** -30;
    const inputs = { fs1: double(x), fs2: double(x), fs3: double(-(1 + 2 ** -29)) };
    expect(evaluate("fmadd.d", inputs).fd).toBe(double(2 ** -60));
    expect(flags()).toBe(0);
  });
});

test("every instruction has a meaning that WebAssembly accepts", () => {
  for (const { name } of instructions) evaluate(name, { rs1: MEMORY });
});
