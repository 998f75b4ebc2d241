import { ElfError } from "./error.js";
import { parseHeader, word64 } from "./header.js";

/** Where the parts of an ELF file go that are loaded: programs, and libraries, which `parseElf` does not take. */
export interface ElfLayout {
  readonly type: "executable" | "position-independent";
  readonly segments: readonly LoadSegment[];
  /** The linker's build id (`NT_GNU_BUILD_ID`) in hexadecimal. */
  readonly buildId: string | undefined;
}

/** A `PT_LOAD` program header. Addresses are as in the file. */
export interface LoadSegment {
  readonly address: number;
  readonly memorySize: number;
  readonly offset: number;
  readonly fileSize: number;
  readonly executable: boolean;
}

const PT_LOAD = 1;
const PT_NOTE = 4;
const PF_X = 1;
const PROGRAM_HEADER_SIZE = 56;
const NT_GNU_BUILD_ID = 3;
/** "GNU\0" */
const GNU = 0x474e_5500;

/** Reads where the parts of an RV64 ELF file go; undefined for any other file, and for one that is damaged. */
export function readLayout(bytes: Uint8Array): ElfLayout | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const { type, programHeaderOffset, programHeaderCount } = parseHeader(view);
    const segments: LoadSegment[] = [];
    let buildId: string | undefined;
    for (let index = 0; index < programHeaderCount; index += 1) {
      const at = programHeaderOffset + index * PROGRAM_HEADER_SIZE;
      const kind = view.getUint32(at, true);
      const offset = word64(view, at + 8);
      const fileSize = word64(view, at + 32);
      if (kind === PT_NOTE) buildId ??= buildIdIn(view, offset, offset + fileSize);
      if (kind !== PT_LOAD) continue;
      const executable = (view.getUint32(at + 4, true) & PF_X) !== 0;
      const [address, memorySize] = [word64(view, at + 16), word64(view, at + 40)];
      segments.push({ address, memorySize, offset, fileSize, executable });
    }
    return segments.length === 0 ? undefined : { type, segments, buildId };
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}

/** The build id among notes (ELF gABI, "Note Section"). */
function buildIdIn(view: DataView, start: number, end: number): string | undefined {
  for (let at = start; at + 12 <= Math.min(end, view.byteLength); ) {
    const nameSize = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    const contents = at + 12 + 4 * Math.ceil(nameSize / 4);
    const next = contents + 4 * Math.ceil(size / 4);
    if (next > view.byteLength) return undefined;
    const isGnu = nameSize === 4 && view.getUint32(at + 12) === GNU;
    if (isGnu && view.getUint32(at + 8, true) === NT_GNU_BUILD_ID) {
      const id = new Uint8Array(view.buffer, view.byteOffset + contents, size);
      return Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
    }
    at = next;
  }
  return undefined;
}
