/** What can be wrong with a program file; stable, for programs that react to it. */
export type ElfErrorCode =
  | "ELF_EMPTY"
  | "ELF_NOT_ELF"
  | "ELF_WRONG_CLASS"
  | "ELF_WRONG_BYTE_ORDER"
  | "ELF_WRONG_MACHINE"
  | "ELF_WRONG_TYPE"
  | "ELF_NO_INTERPRETER"
  | "ELF_BAD_INTERPRETER"
  | "ELF_TRUNCATED"
  | "ELF_MALFORMED"
  | "ELF_OVERLAP"
  | "ELF_OUT_OF_RANGE"
  | "ELF_BAD_ENTRY"
  | "ELF_TOO_BIG"
  | "ELF_NO_MEMORY";

/** A program file that cannot be run. The message says what is wrong, where in the file, and what to do. */
export class ElfError extends Error {
  override readonly name: string = "ElfError";
  /** What is wrong. */
  readonly code: ElfErrorCode;
  /** The negated error number that reading another file gave, if that is what is wrong. */
  readonly errno: number | undefined;

  constructor(code: ElfErrorCode, message: string, errno?: number) {
    super(message);
    this.code = code;
    this.errno = errno;
  }
}
