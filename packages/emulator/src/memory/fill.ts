import { Buffer } from "node:buffer";
import { PAGE_SIZE } from "./layout.js";
import type { Mapping } from "./mappings.js";
import type { Pages } from "./pages.js";
import type { PageSource } from "./source.js";

const CHUNK = 0x4_0000;
const chunk = Buffer.alloc(CHUNK);
const ZEROS = Buffer.alloc(CHUNK);

/**
 * Reads the pages of a mapping of a file into memory that holds zeros; stretches of zeros are not touched. What cannot be
 * read is as if it lay past the end of the file.
 */
export function fill(u8: Uint8Array, pages: Pages, mapping: Mapping, source: PageSource): void {
  const { start, end, offset } = mapping;
  const size = Math.min(end - start, source.size() - offset);
  for (let done = 0; done < size; ) {
    const into = chunk.subarray(0, Math.min(CHUNK, size - done));
    const count = source.read(into, offset + done);
    if (count <= 0) {
      const first = Math.ceil((start + done) / PAGE_SIZE);
      if (count < 0) pages.beyond.fill(1, first, end / PAGE_SIZE);
      return;
    }
    if (chunk.compare(ZEROS, 0, count, 0, count) !== 0) {
      u8.set(into.subarray(0, count), start + done);
      pages.touched.fill(
        1,
        Math.floor((start + done) / PAGE_SIZE),
        Math.ceil((start + done + count) / PAGE_SIZE),
      );
    }
    done += count;
  }
}
