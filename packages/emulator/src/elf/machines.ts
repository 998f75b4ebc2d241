/** `e_machine` of RISC-V, 32 and 64 bits alike (RISC-V ELF psABI, "File Header"). */
export const EM_RISCV = 243;

/** Names of the machines that a user is likely to have a program for (ELF gABI, "e_machine" registry). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [2, "SPARC"],
  [3, "x86"],
  [4, "Motorola 68000"],
  [8, "MIPS"],
  [15, "PA-RISC"],
  [18, "SPARC32+"],
  [20, "PowerPC"],
  [21, "PowerPC64"],
  [22, "s390"],
  [40, "ARM"],
  [42, "SuperH"],
  [43, "SPARC V9"],
  [50, "IA-64"],
  [62, "x86-64"],
  [83, "AVR"],
  [93, "ARC"],
  [94, "Xtensa"],
  [105, "MSP430"],
  [183, "AArch64"],
  [188, "TILE-Gx"],
  [189, "MicroBlaze"],
  [195, "ARC"],
  [224, "AMD GPU"],
  [EM_RISCV, "RISC-V"],
  [247, "BPF"],
  [252, "C-SKY"],
  [258, "LoongArch"],
]);

/** The name of an `e_machine` value, such as `x86-64`; `machine 1234` for one that has no common name. */
export function machineName(machine: number): string {
  return NAMES.get(machine) ?? `machine ${machine}`;
}
