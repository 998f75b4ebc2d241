import { deflateRawSync } from "node:zlib";
import { ByteWriter } from "./bytes.js";
import { Definitions } from "./definitions.js";
import { EventEncoder } from "./event-encoder.js";
import { SegmentFlag } from "./format.js";
import { chunkFrame, doneFrame, head } from "./frames.js";
import type { BlockFacts } from "./places.js";
import { ValueEncoder, Width } from "./value-encoder.js";

/** Events after which a chunk is closed: so many that what is written for a chunk itself does not count. */
const CHUNK_EVENTS = 1 << 19;
/** Bytes of events after which it is closed: for traces that are hard to predict, or of values. */
const CHUNK_BYTES = 1 << 20;
/** What a level more gains is less than what it costs: measured on the guests. */
const DEFLATE_LEVEL = 3;

/** Events in columns. */
export interface EventColumns {
  readonly length: number;
  readonly place: Uint32Array;
  /** Of accesses. */
  readonly address: Uint32Array;
  /** Of accesses, if values are recorded. */
  readonly valueLow: Uint32Array;
  readonly valueHigh: Uint32Array;
}

/** How a trace is written. */
export interface TraceOptions {
  /** Whether values are recorded. */
  readonly values: boolean;
  /** Events after which a chunk is closed. */
  readonly chunkEvents?: number;
}

/** Events of one vCPU in one process, as far as they are in the present chunk. */
interface Segment {
  readonly vcpu: number;
  readonly pid: number;
  /** It has begun in the chunk before. */
  readonly goesOn: boolean;
  blocks: number;
  accesses: number;
}

/** Writes a trace: FORMAT.md says what comes out. */
export class TraceWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #chunkEvents: number;
  readonly #events = new EventEncoder();
  readonly #values: ValueEncoder | undefined;
  readonly #definitions: Definitions;
  #segments: Segment[] = [];
  #segment: Segment = { vcpu: 0, pid: 0, goesOn: false, blocks: 0, accesses: 0 };
  #chunkHas = 0;
  #blocks = 0;
  #accesses = 0;

  constructor(write: (bytes: Uint8Array) => void, { values, chunkEvents = CHUNK_EVENTS }: TraceOptions) {
    this.#write = write;
    this.#chunkEvents = chunkEvents;
    this.#values = values ? new ValueEncoder() : undefined;
    this.#definitions = new Definitions(({ place, widths }) => {
      this.#events.define(place, place + 1 + widths.length);
      widths.forEach((bytes, i) => {
        this.#values?.define(place + 1 + i, bytes === 8 ? Width.WIDE : Width.NARROW);
      });
    });
    write(head(values));
  }

  /** Blocks so far. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Accesses so far. */
  get accesses(): number {
    return this.#accesses;
  }

  /** The place of a block, which is defined if it is new. Its accesses are at the places behind it, in order. */
  place(block: BlockFacts): number {
    return this.#definitions.place(block);
  }

  /** What follows is of this vCPU in this process. */
  begin(vcpu: number, pid: number): void {
    this.#events.cut();
    this.#segments.push(this.#segment);
    this.#segment = { vcpu, pid, goesOn: false, blocks: 0, accesses: 0 };
  }

  /**
   * Adds events, oldest first.
   * @throws RangeError for an access that the block before it does not make any more
   */
  add({ length, place, address, valueLow, valueHigh }: EventColumns): void {
    const blocks = this.#events.add(place, address, length);
    this.#values?.add(place, valueLow, valueHigh, length);
    this.#segment.blocks += blocks;
    this.#segment.accesses += length - blocks;
    this.#blocks += blocks;
    this.#accesses += length - blocks;
    this.#chunkHas += length;
    const bytes = this.#events.bytes + (this.#values?.bytes ?? 0);
    if (this.#chunkHas >= this.#chunkEvents || bytes >= CHUNK_BYTES) this.#chunk();
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#chunkHas > 0) this.#chunk();
    this.#write(doneFrame(this.#blocks, this.#accesses));
  }

  #chunk(): void {
    const raw = new ByteWriter();
    const { vcpu, pid } = this.#segment;
    const segments = [...this.#segments, this.#segment].filter(
      ({ blocks, accesses }) => blocks + accesses > 0,
    );
    raw.varint(segments.length);
    for (const segment of segments) {
      raw.varint(segment.vcpu);
      raw.varint(segment.pid);
      raw.varint(segment.goesOn ? SegmentFlag.GOES_ON : 0);
      raw.varint(segment.blocks);
      raw.varint(segment.accesses);
    }
    const parts = [
      this.#definitions.take(),
      this.#events.takeBlocks(),
      this.#events.takeAccesses(),
      ...(this.#values ? [this.#values.take()] : []),
    ];
    for (const bytes of parts) {
      raw.varint(bytes.length);
      raw.put(bytes);
    }
    this.#segments = [];
    this.#segment = { vcpu, pid, goesOn: true, blocks: 0, accesses: 0 };
    this.#chunkHas = 0;
    this.#write(chunkFrame(deflateRawSync(raw.bytes, { level: DEFLATE_LEVEL }), raw.length));
  }
}
