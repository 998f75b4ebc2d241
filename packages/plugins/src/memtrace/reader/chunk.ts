import { ByteReader } from "../bytes.js";
import { SegmentFlag } from "../format.js";
import { corrupt } from "./frames.js";

/** Events of one vCPU in one process. */
export interface SegmentHead {
  readonly vcpu: number;
  readonly pid: number;
  /** It has begun in the chunk before. */
  readonly goesOn: boolean;
  readonly blocks: number;
  readonly accesses: number;
}

/** What a chunk holds. */
export interface Chunk {
  readonly segments: readonly SegmentHead[];
  readonly definitions: Uint8Array;
  readonly blocks: Uint8Array;
  readonly accesses: Uint8Array;
  /** Empty if the trace has none. */
  readonly values: Uint8Array;
}

/** Takes a chunk apart. @throws TraceError */
export function readChunk(bytes: Uint8Array, values: boolean, number: number): Chunk {
  const reader = new ByteReader(bytes);
  const segments: SegmentHead[] = [];
  const count = reader.varint();
  while (segments.length < count && reader.left > 0) {
    segments.push({
      vcpu: reader.varint(),
      pid: reader.varint(),
      goesOn: (reader.varint() & SegmentFlag.GOES_ON) !== 0,
      blocks: reader.varint(),
      accesses: reader.varint(),
    });
  }
  const part = (): Uint8Array => reader.take(reader.varint());
  const chunk = {
    segments,
    definitions: part(),
    blocks: part(),
    accesses: part(),
    values: values ? part() : new Uint8Array(0),
  };
  if (reader.left !== 0 || segments.length !== count)
    throw corrupt(number, "its parts are not as long as it is");
  return chunk;
}
