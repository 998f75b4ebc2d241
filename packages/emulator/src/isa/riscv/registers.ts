// ABI names: RISC-V ELF psABI, "Integer Register Convention" and "Floating-point Register Convention".

/** ABI names of x0 to x31. */
export const INTEGER_REGISTERS: readonly string[] =
  "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split(
    " ",
  );

/** ABI names of f0 to f31. */
export const FLOAT_REGISTERS: readonly string[] =
  "ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11".split(
    " ",
  );

/**
 * Control and status registers: the number of the first, then names in order; `pmpaddr0..63` counts up.
 * Privileged manual, "CSR Listing", with the extensions Smstateen, Smaia, Sscofpmf, Sstc, Zkr and H.
 */
const CSR_RUNS: readonly string[] = [
  "0x001 fflags frm fcsr",
  "0x008 vstart vxsat vxrm",
  "0x00f vcsr",
  "0x015 seed",
  "0x100 sstatus",
  "0x104 sie stvec scounteren",
  "0x10a senvcfg",
  "0x10c sstateen0..3",
  "0x114 sieh",
  "0x140 sscratch sepc scause stval sip",
  "0x14d stimecmp",
  "0x150 siselect sireg",
  "0x154 siph",
  "0x15c stopei stimecmph",
  "0x180 satp",
  "0x200 vsstatus",
  "0x204 vsie vstvec",
  "0x214 vsieh",
  "0x240 vsscratch vsepc vscause vstval vsip",
  "0x24d vstimecmp",
  "0x250 vsiselect vsireg",
  "0x254 vsiph",
  "0x25c vstopei vstimecmph",
  "0x280 vsatp",
  "0x300 mstatus misa medeleg mideleg mie mtvec mcounteren",
  "0x308 mvien mvip menvcfg",
  "0x30c mstateen0..3 mstatush",
  "0x313 midelegh mieh",
  "0x318 mvienh mviph menvcfgh",
  "0x31c mstateen0..3h mcountinhibit",
  "0x323 mhpmevent3..31 mscratch mepc mcause mtval mip",
  "0x34a mtinst mtval2",
  "0x350 miselect mireg",
  "0x354 miph",
  "0x35c mtopei",
  "0x3a0 pmpcfg0..15 pmpaddr0..63",
  "0x5a8 scontext",
  "0x600 hstatus",
  "0x602 hedeleg hideleg hie htimedelta hcounteren hgeie hvien hvictl henvcfg",
  "0x60c hstateen0..3",
  "0x613 hidelegh",
  "0x615 htimedeltah",
  "0x618 hvienh",
  "0x61a henvcfgh",
  "0x61c hstateen0..3h",
  "0x643 htval hip hvip hviprio1..2",
  "0x64a htinst",
  "0x655 hviph hviprio1..2h",
  "0x680 hgatp",
  "0x6a8 hcontext",
  "0x723 mhpmevent3..31h",
  "0x747 mseccfg",
  "0x757 mseccfgh",
  "0x7a0 tselect tdata1..3 tinfo tcontrol",
  "0x7a8 mcontext",
  "0x7aa mscontext",
  "0x7b0 dcsr dpc dscratch0..1",
  "0xb00 mcycle",
  "0xb02 minstret mhpmcounter3..31",
  "0xb80 mcycleh",
  "0xb82 minstreth mhpmcounter3..31h",
  "0xc00 cycle time instret hpmcounter3..31 vl vtype vlenb",
  "0xc80 cycleh timeh instreth hpmcounter3..31h",
  "0xda0 scountovf",
  "0xdb0 stopi",
  "0xe12 hgeip",
  "0xeb0 vstopi",
  "0xf11 mvendorid marchid mimpid mhartid mconfigptr",
  "0xfb0 mtopi",
];

const COUNTED = /^(\D+)(\d+)\.\.(\d+)(h?)$/;

function* expand(name: string): Iterable<string> {
  const [, stem, first, last, suffix] = COUNTED.exec(name) ?? [];
  if (stem === undefined) yield name;
  else for (let i = Number(first); i <= Number(last); i++) yield `${stem}${i}${suffix}`;
}

const csrNames: readonly (string | undefined)[] = (() => {
  const names = new Array<string | undefined>(4096);
  for (const run of CSR_RUNS) {
    const [first, ...rest] = run.split(" ");
    let number = Number(first);
    for (const name of rest) for (const single of expand(name)) names[number++] = single;
  }
  return names;
})();

/** Name of a control and status register, or its number in hexadecimal if it has none. */
export function csrName(number: number): string {
  return csrNames[number] ?? `0x${number.toString(16)}`;
}
