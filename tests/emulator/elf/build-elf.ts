/** A loadable piece of a hand-made program. */
interface BuiltSegment {
  readonly address: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  readonly bytes: Uint8Array;
  readonly memorySize?: number;
}

/** Fields that a test wants different from those of a good program. */
export interface BuildOptions {
  readonly type?: number;
  readonly machine?: number;
  readonly elfClass?: number;
  readonly data?: number;
  readonly entry?: number;
  readonly segments?: readonly BuiltSegment[];
  /** Path for a PT_INTERP program header, which becomes the first. */
  readonly interpreter?: string;
}

/** Machine code of the built program: `li a0, 7; li a7, 93; ecall`. */
const CODE = Uint32Array.of(0x0070_0513, 0x05d0_0893, 0x0000_0073);
const TEXT_ADDRESS = 0x1_0000;
const PROGRAM_HEADER_SIZE = 56;
const HEADER_SIZE = 64;

/** Builds an ELF file as a linker would: headers, then each segment at a file offset congruent to its address. */
export function buildElf(options: BuildOptions = {}): Uint8Array {
  const segments = options.segments ?? [
    { address: TEXT_ADDRESS + 0x1000, flags: 5, bytes: new Uint8Array(CODE.buffer) },
    { address: TEXT_ADDRESS + 0x2f00, flags: 6, bytes: Uint8Array.of(1, 2, 3, 4), memorySize: 0x2000 },
  ];
  const path =
    options.interpreter === undefined ? undefined : new TextEncoder().encode(`${options.interpreter}\0`);
  const headers = segments.length + (path ? 1 : 0);
  const pathOffset = HEADER_SIZE + headers * PROGRAM_HEADER_SIZE;
  let size = pathOffset + (path?.length ?? 0);
  const offsets = segments.map(({ address, bytes }) => {
    const offset = Math.ceil(size / 4096) * 4096 + (address % 4096);
    size = offset + bytes.length;
    return offset;
  });
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, options.elfClass ?? 2, options.data ?? 1, 1]);
  const little = (options.data ?? 1) === 1;
  view.setUint16(16, options.type ?? 2, little);
  view.setUint16(18, options.machine ?? 243, little);
  view.setUint32(20, 1, little);
  setWord(view, 24, options.entry ?? segments[0]?.address ?? 0);
  setWord(view, 32, HEADER_SIZE);
  view.setUint16(52, HEADER_SIZE, little);
  view.setUint16(54, PROGRAM_HEADER_SIZE, little);
  view.setUint16(56, headers, little);
  view.setUint16(58, 64, little);
  if (path) {
    view.setUint32(HEADER_SIZE, 3, true);
    setWord(view, HEADER_SIZE + 8, pathOffset);
    setWord(view, HEADER_SIZE + 32, path.length);
    file.set(path, pathOffset);
  }
  segments.forEach(({ address, flags, bytes, memorySize }, index) => {
    const at = HEADER_SIZE + (index + headers - segments.length) * PROGRAM_HEADER_SIZE;
    view.setUint32(at, 1, true);
    view.setUint32(at + 4, flags, true);
    setWord(view, at + 8, offsets[index] ?? 0);
    setWord(view, at + 16, address);
    setWord(view, at + 24, address);
    setWord(view, at + 32, bytes.length);
    setWord(view, at + 40, memorySize ?? bytes.length);
    setWord(view, at + 48, 4096);
    file.set(bytes, offsets[index] ?? 0);
  });
  return file;
}

/** Writes a 64-bit little-endian number. */
export function setWord(view: DataView, at: number, value: number): void {
  view.setBigUint64(at, BigInt(value), true);
}
