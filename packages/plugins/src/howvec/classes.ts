import type { Instruction } from "@qpp/emulator/contract";

/** A class of instructions. */
export interface InstructionClass {
  /** For people. */
  readonly title: string;
  /** What it is called in `count=…`. */
  readonly name: string;
}

/** A row of the table: the first one that an instruction matches is its class. */
interface ClassRow extends InstructionClass {
  readonly matches: (instruction: Instruction) => boolean;
}

/** Matches instructions by their names in the manual; a compressed one has the name of what it stands for. */
function named(pattern: RegExp): (instruction: Instruction) => boolean {
  return ({ name }) => pattern.test(name);
}

const isInteger = ({ name }: Instruction): boolean => !name.startsWith("f");

// Chapters of the unprivileged manual: RV64I, M, A, F and D, Zicsr, Zifencei, B (Zba, Zbb, Zbs), Zicond.
const ROWS: readonly ClassRow[] = [
  { title: "Conditional branch", name: "branch", matches: (i) => i.isBranch },
  { title: "Call", name: "call", matches: (i) => i.isCall },
  { title: "Return", name: "ret", matches: (i) => i.isReturn },
  { title: "Jump", name: "jump", matches: (i) => i.isJump },
  { title: "Load-reserved, store-conditional", name: "lrsc", matches: named(/^(lr|sc)\./) },
  { title: "Atomic memory operation", name: "amo", matches: named(/^amo/) },
  { title: "Load", name: "load", matches: (i) => i.isLoad && isInteger(i) },
  { title: "Store", name: "store", matches: (i) => i.isStore && isInteger(i) },
  { title: "FP load", name: "fload", matches: (i) => i.isLoad },
  { title: "FP store", name: "fstore", matches: (i) => i.isStore },
  { title: "FP fused multiply-add", name: "fma", matches: named(/^fn?m(add|sub)\./) },
  { title: "FP divide, square root", name: "fdiv", matches: named(/^f(div|sqrt)\./) },
  { title: "FP convert", name: "fcvt", matches: named(/^fcvt\./) },
  { title: "FP move, sign injection", name: "fmv", matches: named(/^f(mv|sgnj[nx]?)\./) },
  { title: "FP compare, minimum, classify", name: "fcmp", matches: named(/^f(eq|lt|le|class|min|max)\./) },
  { title: "FP add, subtract, multiply", name: "farith", matches: named(/^f(add|sub|mul)\./) },
  { title: "Integer multiply", name: "mul", matches: named(/^mul/) },
  { title: "Integer divide", name: "div", matches: named(/^(div|rem)/) },
  { title: "Address generation (Zba)", name: "zba", matches: named(/^(sh[123]add|(add|slli)\.uw)/) },
  {
    title: "Bit manipulation (Zbb, Zbs)",
    name: "bits",
    matches: named(
      /^(andn|orn|xnor|c[lt]zw?|cpopw?|(min|max)u?|[sz]ext\.[bh]|ro[lr]i?w?|orc\.b|rev8|b(clr|ext|inv|set)i?)$/,
    ),
  },
  { title: "Conditional zero (Zicond)", name: "zicond", matches: named(/^czero\./) },
  { title: "Shift", name: "shift", matches: named(/^(sll|srl|sra)i?w?$/) },
  { title: "Logical", name: "logic", matches: named(/^(and|or|xor)i?$/) },
  { title: "Compare", name: "cmp", matches: named(/^slti?u?$/) },
  { title: "Upper immediate", name: "upper", matches: named(/^(lui|auipc)$/) },
  { title: "Add, subtract", name: "arith", matches: named(/^(addi?w?|subw?)$/) },
  { title: "CSR access", name: "csr", matches: named(/^csrr/) },
  { title: "Fence", name: "fence", matches: named(/^fence/) },
  { title: "System call, breakpoint", name: "system", matches: named(/^(ecall|ebreak)$/) },
  { title: "Unclassified", name: "unclas", matches: () => true },
];

/** All classes, in the order of their table. */
export const CLASSES: readonly InstructionClass[] = ROWS;

const known = new Map<string, InstructionClass>();

/** The class of an instruction: every one has one, and only one. */
export function classOf(instruction: Instruction): InstructionClass {
  // Of one name there are calls, returns and other jumps; apart from them the name tells.
  const { name, isCall, isReturn } = instruction;
  const key = isCall ? "call" : isReturn ? "return" : name;
  let found = known.get(key);
  if (found === undefined) {
    found = ROWS.find(({ matches }) => matches(instruction));
    if (found === undefined) throw new Error(`no class for ${name}`);
    known.set(key, found);
  }
  return found;
}
