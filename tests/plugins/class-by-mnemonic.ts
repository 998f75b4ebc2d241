import type { Dumped } from "./objdump.js";

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Mnemonics of objdump with `-M no-aliases`, by the name of howvec's class; jumps are told apart by their operands. */
const MNEMONICS: Readonly<Record<string, ReadonlySet<string>>> = {
  branch: names("beq bne blt bge bltu bgeu c.beqz c.bnez"),
  lrsc: names("lr.w lr.d sc.w sc.d"),
  amo: names(
    ["swap", "add", "xor", "and", "or", "min", "max", "minu", "maxu"]
      .flatMap((op) => [`amo${op}.w`, `amo${op}.d`])
      .join(" "),
  ),
  load: names("lb lh lw ld lbu lhu lwu c.lw c.ld c.lwsp c.ldsp"),
  store: names("sb sh sw sd c.sw c.sd c.swsp c.sdsp"),
  fload: names("flw fld c.fld c.fldsp"),
  fstore: names("fsw fsd c.fsd c.fsdsp"),
  fma: names("fmadd.s fmsub.s fnmsub.s fnmadd.s fmadd.d fmsub.d fnmsub.d fnmadd.d"),
  fdiv: names("fdiv.s fdiv.d fsqrt.s fsqrt.d"),
  fcvt: names(
    `fcvt.w.s fcvt.wu.s fcvt.l.s fcvt.lu.s fcvt.s.w fcvt.s.wu fcvt.s.l fcvt.s.lu fcvt.s.d fcvt.d.s
     fcvt.w.d fcvt.wu.d fcvt.l.d fcvt.lu.d fcvt.d.w fcvt.d.wu fcvt.d.l fcvt.d.lu`,
  ),
  fmv: names("fmv.x.w fmv.w.x fmv.x.d fmv.d.x fsgnj.s fsgnjn.s fsgnjx.s fsgnj.d fsgnjn.d fsgnjx.d"),
  fcmp: names("feq.s flt.s fle.s feq.d flt.d fle.d fclass.s fclass.d fmin.s fmax.s fmin.d fmax.d"),
  farith: names("fadd.s fsub.s fmul.s fadd.d fsub.d fmul.d"),
  mul: names("mul mulh mulhsu mulhu mulw"),
  div: names("div divu rem remu divw divuw remw remuw"),
  zba: names("add.uw sh1add sh2add sh3add sh1add.uw sh2add.uw sh3add.uw slli.uw"),
  bits: names(
    `andn orn xnor clz ctz cpop clzw ctzw cpopw min minu max maxu sext.b sext.h zext.h rol ror rori rolw rorw roriw orc.b rev8
     bclr bclri bext bexti binv binvi bset bseti`,
  ),
  zicond: names("czero.eqz czero.nez"),
  shift: names(
    "sll srl sra slli srli srai sllw srlw sraw slliw srliw sraiw c.slli c.srli c.srai c.slli64 c.srli64 c.srai64",
  ),
  logic: names("and or xor andi ori xori c.and c.or c.xor c.andi"),
  cmp: names("slt sltu slti sltiu"),
  upper: names("lui auipc c.lui"),
  // c.li and c.mv are additions to zero; c.nop adds 0 to it.
  arith: names(
    `add sub addi addw subw addiw c.add c.sub c.addi c.addw c.subw c.addiw c.addi16sp c.addi4spn c.li c.mv c.nop`,
  ),
  csr: names("csrrw csrrs csrrc csrrwi csrrsi csrrci"),
  fence: names("fence fence.tso fence.i"),
  system: names("ecall ebreak c.ebreak"),
};

const classes = new Map(Object.entries(MNEMONICS).flatMap(([name, set]) => [...set].map((m) => [m, name])));
const isLink = (register: string): boolean => register === "ra" || register === "t0";

/** Name of howvec's class for what objdump read: by the mnemonic alone, but for jumps. */
export function classByMnemonic({ name, operands }: Dumped): string {
  const mnemonic = name.replace(/\.(aq|rl|aqrl)$/, "");
  if (mnemonic === "c.j") return "jump";
  if (mnemonic === "c.jalr") return "call";
  if (mnemonic === "c.jr") return isLink(operands) ? "ret" : "jump";
  if (mnemonic === "jal" || mnemonic === "jalr") {
    const [link = "", target = ""] = operands.split(",");
    if (isLink(link)) return "call";
    return mnemonic === "jalr" && isLink(/\((\w+)\)/.exec(target)?.[1] ?? "") ? "ret" : "jump";
  }
  return classes.get(mnemonic) ?? "unclas";
}
