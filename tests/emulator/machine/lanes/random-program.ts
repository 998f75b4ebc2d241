import fc from "fast-check";
import { DATA, exit, type Item, label, li, op, padTo, S0, S1, syscall, T0, to } from "../assemble.js";

/** Something that a random program does; all of it ends, and none of it faults. */
type Statement =
  | { readonly kind: "items"; readonly items: readonly Item[] }
  | { readonly kind: "loop"; readonly times: number; readonly body: readonly Statement[] }
  | { readonly kind: "skip"; readonly register: number; readonly body: readonly Statement[] }
  | { readonly kind: "call"; readonly body: readonly Statement[] };

/** Registers that statements compute with; those of three bits are among them. */
const register = fc.constantFrom(5, 6, 7, 10, 11, 12, 13, 14, 15);
const shortRegister = fc.constantFrom(10, 11, 12, 13, 14, 15);
/** Counters of loops, by depth. */
const COUNTERS = [18, 19, 20];
/** s0 holds this: offsets of 12 bits from it reach into two pages. */
const BASE = DATA + 0xc00;
const offset = fc.integer({ min: -2048, max: 2039 });

const items = (arbitrary: fc.Arbitrary<readonly Item[]>): fc.Arbitrary<Statement> =>
  arbitrary.map((list) => ({ kind: "items", items: list }));

const threeRegisters = fc
  .tuple(
    fc.constantFrom("add", "sub", "xor", "sltu", "mul", "mulh", "div", "remu", "addw", "srl"),
    register,
    register,
    register,
  )
  .map(([name, rd, rs1, rs2]) => [op(name, { rd, rs1, rs2 })]);
const withImmediate = fc
  .tuple(fc.constantFrom("addi", "andi", "xori", "addiw"), register, register, offset)
  .map(([name, rd, rs1, imm]) => [op(name, { rd, rs1, imm })]);
const compressed = fc
  .tuple(fc.constantFrom("c.add", "c.mv"), register, register)
  .map(([name, rd, rs2]) => [op(name, { rd, rs1: rd, rs2 })]);
const load = fc
  .tuple(fc.constantFrom("lb", "lh", "lw", "ld", "lbu", "lhu", "lwu"), register, offset)
  .map(([name, rd, imm]) => [op(name, { rd, rs1: S0, imm })]);
const store = fc
  .tuple(fc.constantFrom("sb", "sh", "sw", "sd"), register, offset)
  .map(([name, rs2, imm]) => [op(name, { rs1: S0, rs2, imm })]);
const compressedAccess = fc
  .tuple(fc.constantFrom("c.ld", "c.sd", "c.lw", "c.sw"), shortRegister, fc.integer({ min: 0, max: 15 }))
  .map(([name, r, at]) => [op(name, { rd: r, rs1: S0, rs2: r, imm: 8 * at })]);
const float = fc
  .tuple(fc.constantFrom("flw", "fsw", "fld", "fsd"), fc.integer({ min: 0, max: 31 }), offset)
  .map(([name, r, imm]) => [op(name, { rd: r, rs1: S0, rs2: r, imm })]);
const atomic = fc
  .tuple(
    fc.constantFrom("amoadd.w", "amoswap.d", "amomax.d", "amominu.w", "lr.w", "lr.d", "sc.w", "sc.d"),
    register,
    register,
    fc.integer({ min: -200, max: 200 }),
  )
  .map(([name, rd, rs2, at]) => [
    op("addi", { rd: S1, rs1: S0, imm: 8 * at }),
    op(name, { rd, rs1: S1, rs2: name.startsWith("lr") ? 0 : rs2 }),
  ]);
const exchange = fc
  .tuple(register, register, fc.boolean())
  .map(([rd, rs2, disturbed]) => [
    op("lr.d", { rd: T0, rs1: S0 }),
    ...(disturbed ? [op("sd", { rs1: S0, rs2 })] : []),
    op("sc.d", { rd, rs1: S0, rs2 }),
  ]);
const system = fc.constantFrom(
  syscall("getpid"),
  [op("fence.i")],
  [op("csrrs", { rd: T0, rs1: 0, imm: 0xc02 })],
);

const { statements } = fc.letrec<{ statement: Statement; statements: readonly Statement[] }>((tie) => ({
  statements: fc.array(tie("statement"), { minLength: 1, maxLength: 8 }),
  statement: fc.oneof(
    { depthSize: "small", maxDepth: 3, withCrossShrink: true },
    items(
      fc.oneof(
        load,
        store,
        threeRegisters,
        withImmediate,
        compressed,
        compressedAccess,
        float,
        atomic,
        exchange,
      ),
    ),
    items(system),
    fc.record({ kind: fc.constant("loop"), times: fc.integer({ min: 1, max: 5 }), body: tie("statements") }),
    fc.record({ kind: fc.constant("skip"), register, body: tie("statements") }),
    fc.record({ kind: fc.constant("call"), body: tie("statements") }),
  ),
}));

function build(program: readonly Statement[], start: number): Item[] {
  let labels = 0;
  const functions: Item[] = [];

  function put(list: readonly Statement[], depth: number, inFunction: boolean): Item[] {
    return list.flatMap((s) => putOne(s, depth, inFunction));
  }

  function putOne(s: Statement, depth: number, inFunction: boolean): Item[] {
    if (s.kind === "items") return [...s.items];
    const name = `${s.kind}${labels++}`;
    if (s.kind === "skip") {
      const odd = [op("andi", { rd: S1, rs1: s.register, imm: 1 }), to(name, "beq", { rs1: S1, rs2: 0 })];
      return [...odd, ...put(s.body, depth, inFunction), label(name)];
    }
    if (s.kind === "call") {
      // ra is not saved: what a function calls it does itself.
      if (inFunction) return put(s.body, depth, true);
      functions.push(label(name), ...put(s.body, depth, true), op("c.jr", { rs1: 1 }));
      return [to(name, "jal", { rd: 1 })];
    }
    const counter = COUNTERS[depth];
    if (counter === undefined) return put(s.body, depth, inFunction);
    return [
      ...li(counter, s.times),
      label(name),
      ...put(s.body, depth + 1, inFunction),
      op("addi", { rd: counter, rs1: counter, imm: -1 }),
      to(name, "bne", { rs1: counter, rs2: 0 }),
    ];
  }

  const main = put(program, 0, false);
  return [...li(S0, BASE), to("main", "jal"), padTo(start), label("main"), ...main, ...exit(0), ...functions];
}

/** Programs of a few to a few thousand instructions, often across the border between two pages of code. */
export const randomProgram: fc.Arbitrary<readonly Item[]> = fc
  .tuple(
    fc.array(statements, { minLength: 1, maxLength: 3 }),
    fc.oneof(
      fc.constant(12),
      fc.integer({ min: 0, max: 40 }).map((n) => 0x1000 - 2 * n),
    ),
  )
  .map(([parts, start]) => build(parts.flat(), start));
