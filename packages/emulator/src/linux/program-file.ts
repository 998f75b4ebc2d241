import { ElfError } from "../elf/error.js";
import { type Elf, parseElf } from "../elf/parse.js";
import { Errno, errnoName } from "./errno.js";
import { StartError, type StartString } from "./initial-stack.js";

/**
 * Reads a file of the guest that is to be executed: its bytes, or a negated error number. Relative paths start at the
 * guest's working directory.
 */
export type ReadFile = (path: string) => Uint8Array | number;

/** A file that a program's parts are mapped from. */
export interface ElfFile {
  /** The path by which it was found. */
  readonly path: string;
  readonly elf: Elf;
}

/** What execve(2) is asked for. */
export interface ProgramRequest {
  readonly path: string;
  /** The bytes of the file at `path`. */
  readonly image: Uint8Array;
  /** argv. */
  readonly args: readonly StartString[];
}

/** Everything that a program is loaded from, checked: nothing of it can turn out to be no program any more. */
export interface ProgramFile {
  /** The path that was asked for (`AT_EXECFN`, and the first name of the thread): of a script, its own. */
  readonly path: string;
  /** argv; of a script, that of the program which interprets it. */
  readonly args: readonly StartString[];
  readonly program: ElfFile;
  /** The dynamic linker of a program that has one. */
  readonly interpreter: ElfFile | undefined;
}

/** Linux looks for `#!` and its line in the first 256 bytes (include/uapi/linux/binfmts.h, BINPRM_BUF_SIZE). */
const SCRIPT_WINDOW = 256;
/** Scripts whose interpreters are scripts, at most (fs/exec.c, exec_binprm). */
const DEEPEST_SCRIPT = 5;

/**
 * Finds what has to be loaded to execute a file: follows `#!` lines to a program (binfmt_script), and a dynamically
 * linked program to its dynamic linker.
 *
 * ```ts
 * const file = resolveProgram({ path: "/bin/ls", image, args: ["ls"] }, readFile);
 * ```
 * @throws ElfError; {@link execErrno} gives what execve(2) returns for it.
 */
export function resolveProgram(request: ProgramRequest, readFile: ReadFile): ProgramFile {
  let { path, image, args } = request;
  for (let depth = 0; ; depth += 1) {
    const line = scriptLine(image);
    if (line === undefined) break;
    if (depth === DEEPEST_SCRIPT) {
      throw new ElfError(
        "ELF_BAD_INTERPRETER",
        `${request.path} is interpreted by scripts that are interpreted by scripts, more than ${DEEPEST_SCRIPT} deep`,
        -Errno.ELOOP,
      );
    }
    args = [
      line.interpreter,
      ...(line.argument === undefined ? [] : [line.argument]),
      path,
      ...args.slice(1),
    ];
    image = readInterpreter(line.interpreter, `the script ${path}`, readFile);
    path = line.interpreter;
  }
  const elf = parseElf(image);
  return {
    path: request.path,
    args,
    program: { path, elf },
    interpreter: elf.interpreter === undefined ? undefined : dynamicLinker(path, elf.interpreter, readFile),
  };
}

/**
 * What execve(2) returns for an error of {@link resolveProgram}, `loadProgram` or `createInitialStack`: a negated error
 * number.
 * @throws the error itself, if it is another one.
 */
export function execErrno(error: unknown): number {
  if (error instanceof StartError) return error.code === "NO_MEMORY" ? -Errno.ENOMEM : -Errno.E2BIG;
  if (!(error instanceof ElfError)) throw error;
  if (error.errno !== undefined) return error.errno;
  if (error.code === "ELF_BAD_INTERPRETER") return -Errno.ELIBBAD;
  return error.code === "ELF_NO_MEMORY" ? -Errno.ENOMEM : -Errno.ENOEXEC;
}

function dynamicLinker(path: string, wanted: string, readFile: ReadFile): ElfFile {
  const image = readInterpreter(wanted, path, readFile);
  let elf: Elf;
  try {
    elf = parseElf(image);
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
    throw new ElfError("ELF_BAD_INTERPRETER", `${wanted}, the dynamic linker of ${path}: ${error.message}`);
  }
  return { path: wanted, elf };
}

function readInterpreter(wanted: string, who: string, readFile: ReadFile): Uint8Array {
  const image = readFile(wanted);
  if (typeof image !== "number") return image;
  const why = image === -Errno.ENOENT ? "" : ` (${errnoName(-image) ?? image})`;
  throw new ElfError(
    "ELF_NO_INTERPRETER",
    `${who} needs ${wanted}${why}; give the root that holds it with --root`,
    image,
  );
}

const decoder = new TextDecoder("utf-8");

/**
 * The interpreter that a script's first line names, and the one argument for it: the rest of the line, blanks
 * included. Undefined for what is no script, to which a path that may be cut off belongs (fs/binfmt_script.c).
 */
function scriptLine(image: Uint8Array): { interpreter: string; argument: string | undefined } | undefined {
  if (image[0] !== 0x23 || image[1] !== 0x21) return undefined;
  const window = decoder.decode(image.subarray(2, SCRIPT_WINDOW - 1));
  const whole = image.length < SCRIPT_WINDOW || image.subarray(0, SCRIPT_WINDOW).includes(0x0a);
  const found = /^[ \t]*([^ \t\n\0]+)([ \t\n\0]?)[ \t]*([^\n\0]*)/.exec(window);
  if (!found?.[1] || (!whole && found[2] === "")) return undefined;
  const argument = (found[2] === " " || found[2] === "\t" ? (found[3] ?? "") : "").replace(/[ \t]+$/, "");
  return { interpreter: found[1], argument: argument === "" ? undefined : argument };
}
