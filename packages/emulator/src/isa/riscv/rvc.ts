import { parseEncoding } from "./encoding.js";
import type { CompressedInstruction, OperandKind } from "./instruction.js";
import { instructionNamed } from "./table.js";

// Unprivileged manual, "C" Extension for Compressed Instructions, "RVC Instruction Set Listings".

const ZERO = 0;
const RA = 1;
const SP = 2;

function row(
  name: string,
  pattern: string,
  operands: readonly OperandKind[],
  expansion: string,
  fixed: CompressedInstruction["fixed"] = {},
): CompressedInstruction {
  return { name, encoding: parseEncoding(pattern), operands, expansion: instructionNamed(expansion), fixed };
}

const RD_RS2: readonly OperandKind[] = ["rd", "rs2"];

function arithmetic(name: string, bit12: string, funct2: string): CompressedInstruction {
  return row(`c.${name}`, `100 ${bit12} 11 rd'/rs1' ${funct2} rs2' 01`, RD_RS2, name);
}

/**
 * The compressed instructions of RV64GC and what they expand to; of two rows that fit, the earlier is meant.
 *
 * What the manual calls HINTs (rd = x0, a shift by 0, and so on) expands like its neighbours and thereby does
 * nothing. What it calls reserved is in no row, and so illegal; all zeros are illegal by definition.
 * A shift by 0 has a name of its own, that of RV128's shift by 64.
 */
export const compressedInstructions: readonly CompressedInstruction[] = [
  row("c.addi4spn", "000 nzuimm[5:4|9:6|2|3] rd' 00", ["rd", "rs1", "imm12"], "addi", { rs1: SP }),
  row("c.fld", "001 uimm[5:3] rs1' uimm[7:6] rd' 00", ["fd", "loadAddress"], "fld"),
  row("c.lw", "010 uimm[5:3] rs1' uimm[2|6] rd' 00", ["rd", "loadAddress"], "lw"),
  row("c.ld", "011 uimm[5:3] rs1' uimm[7:6] rd' 00", ["rd", "loadAddress"], "ld"),
  row("c.fsd", "101 uimm[5:3] rs1' uimm[7:6] rs2' 00", ["fs2", "storeAddress"], "fsd"),
  row("c.sw", "110 uimm[5:3] rs1' uimm[2|6] rs2' 00", ["rs2", "storeAddress"], "sw"),
  row("c.sd", "111 uimm[5:3] rs1' uimm[7:6] rs2' 00", ["rs2", "storeAddress"], "sd"),

  row("c.addi", "000 imm[5] rd/rs1 imm[4:0] 01", ["rd", "imm12"], "addi"),
  row("c.addiw", "001 imm[5] rd/rs1≠0 imm[4:0] 01", ["rd", "imm12"], "addiw"),
  row("c.li", "010 imm[5] rd imm[4:0] 01", ["rd", "imm12"], "addi", { rs1: ZERO }),
  row("c.addi16sp", "011 nzimm[9] 00010 nzimm[4|6|8:7|5] 01", ["rd", "imm12"], "addi", { rd: SP, rs1: SP }),
  row("c.lui", "011 nzimm[17] rd nzimm[16:12] 01", ["rd", "upper20"], "lui"),
  row("c.srli64", "100 0 00 rd'/rs1' 00000 01", ["rd"], "srli"),
  row("c.srli", "100 uimm[5] 00 rd'/rs1' uimm[4:0] 01", ["rd", "shamt6"], "srli"),
  row("c.srai64", "100 0 01 rd'/rs1' 00000 01", ["rd"], "srai"),
  row("c.srai", "100 uimm[5] 01 rd'/rs1' uimm[4:0] 01", ["rd", "shamt6"], "srai"),
  row("c.andi", "100 imm[5] 10 rd'/rs1' imm[4:0] 01", ["rd", "imm12"], "andi"),
  arithmetic("sub", "0", "00"),
  arithmetic("xor", "0", "01"),
  arithmetic("or", "0", "10"),
  arithmetic("and", "0", "11"),
  arithmetic("subw", "1", "00"),
  arithmetic("addw", "1", "01"),
  row("c.j", "101 imm[11|4|9:8|10|6|7|3:1|5] 01", ["jumpTarget"], "jal", { rd: ZERO }),
  row("c.beqz", "110 imm[8|4:3] rs1' imm[7:6|2:1|5] 01", ["rs1", "branchTarget"], "beq"),
  row("c.bnez", "111 imm[8|4:3] rs1' imm[7:6|2:1|5] 01", ["rs1", "branchTarget"], "bne"),

  row("c.slli64", "000 0 rd/rs1 00000 10", ["rd"], "slli"),
  row("c.slli", "000 uimm[5] rd/rs1 uimm[4:0] 10", ["rd", "shamt6"], "slli"),
  row("c.fldsp", "001 uimm[5] rd uimm[4:3|8:6] 10", ["fd", "loadAddress"], "fld", { rs1: SP }),
  row("c.lwsp", "010 uimm[5] rd≠0 uimm[4:2|7:6] 10", ["rd", "loadAddress"], "lw", { rs1: SP }),
  row("c.ldsp", "011 uimm[5] rd≠0 uimm[4:3|8:6] 10", ["rd", "loadAddress"], "ld", { rs1: SP }),
  row("c.jr", "100 0 rs1≠0 00000 10", ["rs1"], "jalr", { rd: ZERO }),
  row("c.mv", "100 0 rd rs2≠0 10", RD_RS2, "add", { rs1: ZERO }),
  row("c.ebreak", "100 1 00000 00000 10", [], "ebreak"),
  row("c.jalr", "100 1 rs1≠0 00000 10", ["rs1"], "jalr", { rd: RA }),
  row("c.add", "100 1 rd/rs1 rs2≠0 10", RD_RS2, "add"),
  row("c.fsdsp", "101 uimm[5:3|8:6] rs2 10", ["fs2", "storeAddress"], "fsd", { rs1: SP }),
  row("c.swsp", "110 uimm[5:2|7:6] rs2 10", ["rs2", "storeAddress"], "sw", { rs1: SP }),
  row("c.sdsp", "111 uimm[5:3|8:6] rs2 10", ["rs2", "storeAddress"], "sd", { rs1: SP }),
];
