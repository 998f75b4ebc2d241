import { crc32 } from "node:zlib";
import { FRAME_BYTES, HAS_VALUES, HEAD_BYTES, MAGIC, Tag, VERSION } from "./format.js";

/** The head of a file. */
export function head(values: boolean): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, values ? HAS_VALUES : 0, true);
  return bytes;
}

/** A chunk: compressed, and how long it is when it is not. */
export function chunkFrame(compressed: Uint8Array, rawLength: number): Uint8Array {
  return frame(Tag.CHUNK, compressed, rawLength);
}

/** The last frame: how many events there are in the file. */
export function doneFrame(blocks: number, accesses: number): Uint8Array {
  const payload = new Uint8Array(16);
  const view = new DataView(payload.buffer);
  view.setFloat64(0, blocks, true);
  view.setFloat64(8, accesses, true);
  return frame(Tag.DONE, payload, payload.length);
}

function frame(tag: number, payload: Uint8Array, rawLength: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, tag, true);
  view.setUint32(4, payload.length, true);
  view.setUint32(8, rawLength, true);
  view.setUint32(12, crc32(payload, crc32(bytes.subarray(0, 12))), true);
  bytes.set(payload, FRAME_BYTES);
  return bytes;
}
