import type { Place } from "../places.js";
import { readChunk } from "./chunk.js";
import { TraceError } from "./errors.js";
import { type Columns, EventDecoder } from "./events.js";
import { readParts } from "./frames.js";
import { PlaceTable } from "./place-table.js";

export type { AccessWidth, Place, TracedBlock, TracedInstruction, TracedSite } from "../places.js";
export { TraceError };

/** Events of one vCPU in one process, oldest first. It is reused: valid until the next one is asked for. */
export interface TraceBatch {
  readonly length: number;
  readonly vcpu: number;
  readonly pid: number;
  /** Where each event happens: {@link TraceBatch.at} tells more. The first `length` elements count, here and below. */
  readonly place: Uint32Array;
  /** Address of a block's first instruction; of the first byte of an access. */
  readonly address: Uint32Array;
  /** Low half of an access's value, if the trace has values; else empty. */
  readonly valueLow: Uint32Array;
  /** High half; 0 for accesses of up to 4 bytes. */
  readonly valueHigh: Uint32Array;
  /**
   * What is known of the place of the i-th event. The same object for all events there.
   * @throws RangeError unless 0 <= i < length
   */
  at(i: number): Place;
}

/** Events in a batch at most: as many as stay in the processor's caches. */
const BATCH = 1 << 14;

/**
 * Reads a trace that the plugin `memtrace` wrote, bit by bit: what is in memory does not depend on how long it is.
 *
 * @param source bytes of the file, in pieces of any size: a stream of `fs.createReadStream`, or of `fetch`
 * @throws TraceError when it comes to something damaged, or to an end that is none. Events before that have been given.
 *
 * @example
 * ```ts
 * const touched = new Set<number>();
 * for await (const batch of readTrace(createReadStream("memtrace.qpptrace"))) {
 *   for (let i = 0; i < batch.length; i++) if (batch.at(i).kind === "access") touched.add(batch.address[i] >>> 12);
 * }
 * ```
 */
export async function* readTrace(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<TraceBatch, void, undefined> {
  const places = new PlaceTable();
  let decoder = new EventDecoder(places, false);
  let batch = new Batch(places, false);
  for await (const part of readParts(source)) {
    switch (part.kind) {
      case "head":
        decoder = new EventDecoder(places, part.values);
        batch = new Batch(places, part.values);
        break;
      case "chunk": {
        const chunk = readChunk(part.bytes, batch.valueLow.length > 0, part.number);
        if (!places.define(chunk.definitions))
          throw new TraceError(
            `chunk ${part.number} of the trace is damaged: what it says of blocks has no end`,
          );
        decoder.enter(chunk, part.number);
        for (;;) {
          batch.length = decoder.fill(batch);
          if (batch.length === 0) break;
          batch.vcpu = decoder.vcpu;
          batch.pid = decoder.pid;
          yield batch;
        }
        break;
      }
      case "done":
        if (decoder.blocks !== part.blocks || decoder.accesses !== part.accesses)
          throw new TraceError(
            `the trace has ${decoder.blocks} blocks and ${decoder.accesses} accesses, but says that it has ${part.blocks} and ${part.accesses}`,
          );
    }
  }
}

class Batch implements TraceBatch, Columns {
  length = 0;
  vcpu = 0;
  pid = 0;
  readonly place = new Uint32Array(BATCH);
  readonly address = new Uint32Array(BATCH);
  readonly valueLow: Uint32Array;
  readonly valueHigh: Uint32Array;
  readonly #places: PlaceTable;

  constructor(places: PlaceTable, values: boolean) {
    this.#places = places;
    this.valueLow = new Uint32Array(values ? BATCH : 0);
    this.valueHigh = new Uint32Array(values ? BATCH : 0);
  }

  at(i: number): Place {
    const place = i >= 0 && i < this.length ? this.#places.at(this.place[i] ?? 0) : undefined;
    if (place === undefined)
      throw new RangeError(`the batch has ${this.length} events; there is none at ${i}`);
    return place;
  }
}
