import type { Decoded, OperandKind } from "./instruction.js";

/** Another way to write an instruction, for some values of its operands. */
export interface Alias {
  readonly name: string;
  readonly operands: readonly OperandKind[];
  readonly applies: (d: Decoded) => boolean;
}

type Values = Partial<Record<"rd" | "rs1" | "rs2" | "imm", number>>;

function alias(name: string, operands: string, values: Values, also?: (d: Decoded) => boolean): Alias {
  const wanted = Object.entries(values) as [keyof Values, number][];
  return {
    name,
    operands: operands.split(" ").filter((o) => o !== "") as OperandKind[],
    applies: (d) => wanted.every(([field, value]) => d[field] === value) && (also?.(d) ?? true),
  };
}

const CYCLE = 0xc00;
const oneSource = (d: Decoded): boolean => d.rs1 === d.rs2;

/** Names of a CSR of user mode for csrrs (read), csrrw (swap) and csrrwi. */
function csrAliases(): Record<"csrrs" | "csrrw" | "csrrwi", Alias[]> {
  const float: readonly [number, string, string][] = [
    [1, "frflags", "fsflags"],
    [2, "frrm", "fsrm"],
    [3, "frcsr", "fscsr"],
  ];
  const csrrs = float.map(([imm, name]) => alias(name, "rd", { imm, rs1: 0 }));
  ["rdcycle", "rdtime", "rdinstret"].forEach((name, i) => {
    csrrs.push(alias(name, "rd", { imm: CYCLE + i, rs1: 0 }));
  });
  const csrrw = float.flatMap(([imm, , name]) => [
    alias(name, "rs1", { imm, rd: 0 }),
    alias(name, "rd rs1", { imm }),
  ]);
  const csrrwi = [alias("fsflagsi", "rd uimm5", { imm: 1 }), alias("fsrmi", "rd uimm5", { imm: 2 })];
  return { csrrs, csrrw, csrrwi };
}

const csr = csrAliases();

const float = Object.fromEntries(
  ["s", "d"].flatMap((suffix) => [
    [`fsgnj.${suffix}`, [alias(`fmv.${suffix}`, "fd fs1", {}, oneSource)]],
    [`fsgnjn.${suffix}`, [alias(`fneg.${suffix}`, "fd fs1", {}, oneSource)]],
    [`fsgnjx.${suffix}`, [alias(`fabs.${suffix}`, "fd fs1", {}, oneSource)]],
  ]),
);

/**
 * Aliases by mnemonic, as objdump (binutils 2.40) writes them by default; the first that applies is taken.
 * Many forms with an immediate lose their `i`, so that most of these texts can be assembled again.
 */
export const aliases: ReadonlyMap<string, readonly Alias[]> = new Map(
  Object.entries({
    addi: [
      alias("nop", "", { rd: 0, rs1: 0, imm: 0 }),
      alias("li", "rd imm12", { rs1: 0 }),
      alias("mv", "rd rs1", { imm: 0 }),
      alias("add", "rd rs1 imm12", {}),
    ],
    addiw: [alias("sext.w", "rd rs1", { imm: 0 }), alias("addw", "rd rs1 imm12", {})],
    andi: [alias("zext.b", "rd rs1", { imm: 255 }), alias("and", "rd rs1 imm12", {})],
    ori: [alias("or", "rd rs1 imm12", {})],
    xori: [alias("not", "rd rs1", { imm: -1 }), alias("xor", "rd rs1 imm12", {})],
    sltiu: [alias("seqz", "rd rs1", { imm: 1 })],
    slli: [alias("sll", "rd rs1 shamt6", {})],
    srli: [alias("srl", "rd rs1 shamt6", {})],
    srai: [alias("sra", "rd rs1 shamt6", {})],
    slliw: [alias("sllw", "rd rs1 shamt5", {})],
    srliw: [alias("srlw", "rd rs1 shamt5", {})],
    sraiw: [alias("sraw", "rd rs1 shamt5", {})],
    sub: [alias("neg", "rd rs2", { rs1: 0 })],
    subw: [alias("negw", "rd rs2", { rs1: 0 })],
    sltu: [alias("snez", "rd rs2", { rs1: 0 })],
    slt: [alias("sltz", "rd rs1", { rs2: 0 }), alias("sgtz", "rd rs2", { rs1: 0 })],
    beq: [alias("beqz", "rs1 branchTarget", { rs2: 0 })],
    bne: [alias("bnez", "rs1 branchTarget", { rs2: 0 })],
    blt: [alias("bltz", "rs1 branchTarget", { rs2: 0 }), alias("bgtz", "rs2 branchTarget", { rs1: 0 })],
    bge: [alias("blez", "rs2 branchTarget", { rs1: 0 }), alias("bgez", "rs1 branchTarget", { rs2: 0 })],
    jal: [alias("j", "jumpTarget", { rd: 0 }), alias("jal", "jumpTarget", { rd: 1 })],
    jalr: [
      alias("ret", "", { rd: 0, rs1: 1, imm: 0 }),
      alias("jr", "rs1", { rd: 0, imm: 0 }),
      alias("jr", "loadAddress", { rd: 0 }),
      alias("jalr", "rs1", { rd: 1, imm: 0 }),
      alias("jalr", "loadAddress", { rd: 1 }),
      alias("jalr", "rd rs1", { imm: 0 }),
    ],
    fence: [alias("fence", "", {}, (d) => d.bits === 0x0ff0000f)],
    "add.uw": [alias("zext.w", "rd rs1", { rs2: 0 })],
    rori: [alias("ror", "rd rs1 shamt6", {})],
    roriw: [alias("rorw", "rd rs1 shamt5", {})],
    bclri: [alias("bclr", "rd rs1 shamt6", {})],
    bexti: [alias("bext", "rd rs1 shamt6", {})],
    binvi: [alias("binv", "rd rs1 shamt6", {})],
    bseti: [alias("bset", "rd rs1 shamt6", {})],
    csrrs: [...csr.csrrs, alias("csrr", "rd csr", { rs1: 0 }), alias("csrs", "csr rs1", { rd: 0 })],
    csrrw: [...csr.csrrw, alias("csrw", "csr rs1", { rd: 0 })],
    csrrc: [alias("csrc", "csr rs1", { rd: 0 })],
    csrrwi: [...csr.csrrwi, alias("csrw", "csr uimm5", { rd: 0 }), alias("csrrw", "rd csr uimm5", {})],
    csrrsi: [alias("csrs", "csr uimm5", { rd: 0 }), alias("csrrs", "rd csr uimm5", {})],
    csrrci: [alias("csrc", "csr uimm5", { rd: 0 }), alias("csrrc", "rd csr uimm5", {})],
    "sfence.vma": [alias("sfence.vma", "", { rs1: 0, rs2: 0 }), alias("sfence.vma", "rs1", { rs2: 0 })],
    ...float,

    // Compressed instructions are written as their expansion, but for these. Hints keep their own name.
    "c.addi": [
      alias("nop", "", { rd: 0, imm: 0 }),
      alias("c.nop", "imm12", { rd: 0 }),
      alias("add", "rd rs1 imm12", {}),
    ],
    "c.addi4spn": [alias("add", "rd rs1 imm12", {})],
    "c.addi16sp": [alias("add", "rd rs1 imm12", {})],
    "c.mv": [alias("mv", "rd rs2", {})],
  }),
);
