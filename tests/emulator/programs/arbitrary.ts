import * as fc from "fast-check";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { ATOMIC, BRANCH, MEMORY, PLAIN, SHORT_BRANCH } from "../../conformance/program/atoms.js";
import { fault } from "../../conformance/program/faults.js";
import { atom, operands } from "../../conformance/program/sequence.js";
import type {
  Call,
  CallForm,
  LoopForm,
  Patch,
  Program,
  ReturnForm,
  Routine,
  Statement,
  Test,
} from "./statement.js";

/** What programs are made of. */
export interface ProgramOptions {
  /** Only what QEMU does in the same way: no counters read, no system calls whose answers differ. */
  readonly comparable: boolean;
  /** How likely a statement is one that rewrites code: weight, 0 for never. */
  readonly rewrites?: number;
  /** How likely a statement is one that may fault. */
  readonly faults?: number;
}

const register = fc.nat(31);
const index = fc.nat(1000);
const kind = <K extends Statement["kind"]>(name: K): fc.Arbitrary<K> => fc.constant(name);

const test: fc.Arbitrary<Test> = fc.record({
  row: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...BRANCH) },
    { weight: 1, arbitrary: fc.constantFrom(...SHORT_BRANCH) },
  ),
  rs1: register,
  rs2: fc.oneof({ weight: 2, arbitrary: register }, { weight: 1, arbitrary: fc.constant(0) }),
});

const straight = (maxLength: number): fc.Arbitrary<Statement> =>
  fc.record({
    kind: kind("straight"),
    atoms: fc.array(atom, { minLength: 1, maxLength, size: "max" }),
  });

/** How often loops go round: a few times, or so that they get hot. */
const times = (few: number, some: number, many: number): fc.Arbitrary<number> =>
  fc.noBias(
    fc.oneof(
      { weight: few, arbitrary: fc.integer({ min: 1, max: 6 }) },
      { weight: some, arbitrary: fc.integer({ min: 7, max: 100 }) },
      { weight: many, arbitrary: fc.integer({ min: 101, max: 3000 }) },
    ),
  );

const forms = fc.constantFrom<LoopForm>("register", "register", "top", "middle", "memory", "computed");
const callForms = fc.constantFrom<CallForm>("near", "near", "far", "register", "same", "table", "cell");
const returnForms = fc.constantFrom<ReturnForm>("short", "short", "full", "other", "offset", "skip");

const patch: fc.Arbitrary<Patch> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("instruction"), row: fc.constantFrom(...PLAIN), operands }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("jump"), to: fc.nat(6) }) },
);

const COMPARABLE: readonly Call[] = ["write", "write-fault", "protect", "remap", "brk", "yield"];
const OWN: readonly Call[] = ["getpid", "clock", "random"];
const REWRITING: readonly Call[] = ["protect-code"];

const isConditional = (name: string): boolean => name.startsWith("sc.") || name.startsWith("lr.");
/** Accesses that can go anywhere: QEMU's LR and SC disagree with the manual where widths differ. */
const ANYWHERE = [...MEMORY, ...MEMORY, ...ATOMIC.filter(({ name }) => !isConditional(name))];
const READ_COUNTER = ["csrrs", "csrrc", "csrrsi", "csrrci"].map(instructionNamed);

type Parts = { readonly statement: Statement; readonly statements: readonly Statement[] };

/** Statements that have no others inside. */
function simple({ comparable, rewrites = 1, faults = 1 }: ProgramOptions): fc.WeightedArbitrary<Statement>[] {
  const via = register;
  const memory = fc.record({ kind: kind("wide"), row: fc.constantFrom(...ANYWHERE), operands });
  const rewriting = (weight: number): number => weight * rewrites;
  const calls = [...COMPARABLE, ...(comparable ? [] : OWN), ...(rewrites > 0 ? REWRITING : [])];
  const weighted: fc.WeightedArbitrary<Statement>[] = [
    { weight: 24, arbitrary: straight(8) },
    { weight: 8, arbitrary: memory },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind("stack"),
        short: fc.boolean(),
        store: fc.boolean(),
        float: fc.boolean(),
        register,
        slot: fc.nat(1),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("break", "continue"), test }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: kind("goto"),
        test: fc.option(test, { nil: undefined, freq: 4 }),
        to: index,
      }),
    },
    {
      weight: 12,
      arbitrary: fc.record({ kind: kind("call"), form: callForms, function: index, via, pad: register }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind("return") }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: kind("tail"), function: index, via: fc.option(via, { nil: undefined }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom("mark", "mark", "mark", "leap"), cell: fc.nat(3), via }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind("assign"), cell: fc.nat(3), function: index, via }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: kind("system"), call: fc.constantFrom(...calls), argument: fc.nat(63) }),
    },
    {
      weight: rewriting(3),
      arbitrary: fc.record({ kind: kind("slot"), first: patch }),
    },
    {
      weight: rewriting(3),
      arbitrary: fc.record({ kind: kind("patch"), slot: index, to: patch, via, fence: fc.boolean() }),
    },
    { weight: rewriting(1), arbitrary: fc.record({ kind: kind("island"), register, via }) },
    {
      weight: rewriting(2),
      arbitrary: fc.record({
        kind: kind("make"),
        atoms: fc.array(atom, { minLength: 1, maxLength: 4 }),
        offset: fc.integer({ min: -40, max: 10 }).map((n) => 2 * n),
        via,
        fence: fc.boolean(),
      }),
    },
    {
      weight: 2 * faults,
      arbitrary: fc.record({
        kind: kind("lab"),
        row: fc.constantFrom(...MEMORY),
        operands,
        offset: fc.oneof(fc.nat(2047), fc.integer({ min: -8, max: 0 })),
      }),
    },
    { weight: faults, arbitrary: fc.record({ kind: kind("fault"), atom: fault }) },
    { weight: 1, arbitrary: fc.record({ kind: kind("dump") }) },
  ];
  if (!comparable) {
    weighted.push({
      weight: 2,
      arbitrary: fc.record({
        kind: kind("counter"),
        row: fc.constantFrom(...READ_COUNTER),
        csr: fc.integer({ min: 0xc00, max: 0xc02 }),
        register,
      }),
    });
  }
  return weighted.filter(({ weight }) => weight > 0);
}

/** Functions' bodies. They shrink to fewer statements, and from those with others inside to simple ones. */
function bodies(options: ProgramOptions): fc.Arbitrary<readonly Statement[]> {
  const plain = fc.oneof(...simple(options));
  const { statements } = fc.letrec<Parts>((tie) => ({
    statements: fc.array(tie("statement"), { minLength: 1, maxLength: 4, size: "max" }),
    statement: fc.oneof(
      { depthSize: "medium", maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: plain },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: kind("loop"),
          form: forms,
          times: times(6, 3, 2),
          register,
          body: tie("statements"),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: kind("if"),
          test,
          yes: tie("statements"),
          no: fc.oneof(fc.constant([]), tie("statements")),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: kind("switch"),
          form: fc.constantFrom("addresses", "jumps"),
          register,
          via: register,
          cases: fc.array(tie("statements"), { minLength: 1, maxLength: 4 }),
        }),
      },
    ),
  }));
  return statements;
}

/** Random programs. */
export function programs(options: ProgramOptions): fc.Arbitrary<Program> {
  const body = bodies(options);
  const of = (leaf: fc.Arbitrary<boolean>): fc.Arbitrary<Routine> =>
    fc.record({
      link: fc.oneof(
        { weight: 3, arbitrary: fc.constant(1 as const) },
        { weight: 1, arbitrary: fc.constant(5 as const) },
      ),
      leaf,
      return: returnForms,
      body,
    });
  return fc.record({
    seed: fc.noShrink(fc.integer()),
    fcsr: fc.tuple(fc.nat(4), fc.nat(31)).map(([mode, flags]) => (mode << 5) | flags),
    fuel: fc.noBias(
      fc.oneof(
        { weight: 1, arbitrary: fc.nat(500) },
        { weight: 5, arbitrary: fc.integer({ min: 500, max: 30_000 }) },
      ),
    ),
    rounds: times(2, 2, 3),
    roles: fc.array(fc.nat(31), { minLength: 8, maxLength: 8 }),
    functions: fc
      .tuple(of(fc.constant(false)), fc.array(of(fc.boolean()), { maxLength: 4, size: "max" }))
      .map(([first, others]) => [first, ...others]),
  });
}
