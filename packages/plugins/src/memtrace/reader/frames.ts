import { crc32, inflateRawSync } from "node:zlib";
import { FRAME_BYTES, HAS_VALUES, HEAD_BYTES, MAGIC, MOST_CHUNK_BYTES, Tag, VERSION } from "../format.js";
import { TraceError } from "./errors.js";

/** What comes out of a file: its head first, then chunks, inflated, then how many events there were. */
export type Part =
  | { readonly kind: "head"; readonly values: boolean }
  | { readonly kind: "chunk"; readonly bytes: Uint8Array; readonly number: number }
  | { readonly kind: "done"; readonly blocks: number; readonly accesses: number };

/**
 * Takes the bytes of a trace apart, whatever pieces they come in.
 * @throws TraceError for what is no trace, has been changed, or has no end
 */
export async function* readParts(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Part, void, undefined> {
  const bytes = createPieces(source);
  const start = await bytes.read(HEAD_BYTES);
  yield { kind: "head", values: readHead(start) };
  for (let number = 1; ; number++) {
    const fields = await bytes.read(FRAME_BYTES);
    if (fields.length < FRAME_BYTES) throw truncated(number);
    const { tag, length, rawLength, sum } = readFields(fields);
    const ofFields = crc32(fields.subarray(0, 12));
    if (tag !== Tag.CHUNK && tag !== Tag.DONE) throw corrupt(number, "it does not begin as one does");
    if (length > MOST_CHUNK_BYTES || rawLength > MOST_CHUNK_BYTES)
      throw corrupt(number, "it claims to be larger than chunks are");
    const payload = await bytes.read(length);
    if (payload.length < length) throw truncated(number);
    if (crc32(payload, ofFields) !== sum) throw corrupt(number, "its checksum does not fit");
    if (tag === Tag.CHUNK) {
      yield { kind: "chunk", bytes: inflate(payload, rawLength, number), number };
      continue;
    }
    if (length !== 16) throw corrupt(number, "the totals at the end have another length than totals");
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    yield { kind: "done", blocks: view.getFloat64(0, true), accesses: view.getFloat64(8, true) };
    if ((await bytes.read(1)).length > 0) throw corrupt(number + 1, "something follows the end of the trace");
    return;
  }
}

function readHead(bytes: Uint8Array): boolean {
  if (bytes.length < HEAD_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new TraceError("this is no trace of memtrace: it does not begin with QPPTRACE");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint32(8, true);
  if (version !== VERSION)
    throw new TraceError(
      `this trace is of version ${version} of the format; this reader reads version ${VERSION}`,
    );
  return (view.getUint32(12, true) & HAS_VALUES) !== 0;
}

function readFields(bytes: Uint8Array): { tag: number; length: number; rawLength: number; sum: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    tag: view.getUint32(0, true),
    length: view.getUint32(4, true),
    rawLength: view.getUint32(8, true),
    sum: view.getUint32(12, true),
  };
}

function inflate(payload: Uint8Array, rawLength: number, number: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(payload, { maxOutputLength: Math.max(1, rawLength) });
  } catch (cause) {
    throw corrupt(number, cause instanceof Error ? cause.message : String(cause));
  }
  if (bytes.length !== rawLength) throw corrupt(number, "it is not as long as it says");
  return bytes;
}

function truncated(number: number): TraceError {
  return new TraceError(
    `the trace ends in chunk ${number}, before its end: the run that wrote it was cut off, or the file was; what came before has been read`,
  );
}

/** What is wrong with a chunk. */
export function corrupt(number: number, why: string): TraceError {
  return new TraceError(`chunk ${number} of the trace is damaged: ${why}; what came before has been read`);
}

/** Bytes by number, out of pieces of any size. */
function createPieces(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): {
  read(length: number): Promise<Uint8Array>;
} {
  const pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let present: Uint8Array = new Uint8Array(0);
  return {
    /** Fewer only at the end. */
    async read(length) {
      const taken: Uint8Array[] = [];
      let missing = length;
      while (missing > 0) {
        if (present.length === 0) {
          const { done, value } = await pieces.next();
          if (done === true) break;
          present = value;
        }
        const piece = present.subarray(0, missing);
        present = present.subarray(piece.length);
        missing -= piece.length;
        taken.push(piece);
      }
      const [only] = taken;
      return taken.length === 1 && only !== undefined ? only : Buffer.concat(taken);
    },
  };
}
