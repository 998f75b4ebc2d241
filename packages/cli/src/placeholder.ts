/** Where the only segment lies. */
const ADDRESS = 0x1_0000;
const ELF_HEADER = 64;
const PROGRAM_HEADER = 56;
/** `li a7, 93; ecall`: the guest ends. */
const CODE = [0x05d0_0893, 0x0000_0073];

/**
 * The smallest program, as an ELF file: a machine has to have one to be there, and plugins ask the machine about it when they
 * are installed. Layout: System V ABI, chapter 4, "ELF Header", and chapter 5, "Program Header".
 */
export function placeholderProgram(): Uint8Array {
  const start = ELF_HEADER + PROGRAM_HEADER;
  const size = start + 4 * CODE.length;
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const half = (at: number, value: number): void => view.setUint16(at, value, true);
  const word = (at: number, value: number): void => view.setUint32(at, value, true);
  // Magic; ELFCLASS64, ELFDATA2LSB, EV_CURRENT.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  // ET_EXEC, EM_RISCV, EV_CURRENT; e_entry, e_phoff, e_ehsize, e_phentsize, e_phnum.
  half(16, 2);
  half(18, 243);
  word(20, 1);
  word(24, ADDRESS + start);
  word(32, ELF_HEADER);
  half(52, ELF_HEADER);
  half(54, PROGRAM_HEADER);
  half(56, 1);
  // PT_LOAD, PF_R | PF_X; p_vaddr, p_paddr, p_filesz, p_memsz, p_align.
  word(ELF_HEADER, 1);
  word(ELF_HEADER + 4, 5);
  word(ELF_HEADER + 16, ADDRESS);
  word(ELF_HEADER + 24, ADDRESS);
  word(ELF_HEADER + 32, size);
  word(ELF_HEADER + 40, size);
  word(ELF_HEADER + 48, 0x1000);
  CODE.forEach((code, i) => {
    word(start + 4 * i, code);
  });
  return file;
}
