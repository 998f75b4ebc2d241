import { unzigzag } from "../bytes.js";
import { CONTEXTS, nextContext, SITE_FIELDS, SiteField } from "../format.js";
import type { Chunk, SegmentHead } from "./chunk.js";
import { corrupt } from "./frames.js";
import type { PlaceTable } from "./place-table.js";
import { Tokens } from "./tokens.js";
import { Values } from "./values.js";

/** Where events are put. */
export interface Columns {
  readonly place: Uint32Array;
  readonly address: Uint32Array;
  readonly valueLow: Uint32Array;
  readonly valueHigh: Uint32Array;
}

/** Makes events of chunks, as FORMAT.md says. It goes on where it was when there was no more room, or no more chunk. */
export class EventDecoder {
  readonly #places: PlaceTable;
  readonly #values: Values | undefined;
  readonly #blocks = new Tokens();
  readonly #accesses = new Tokens();
  readonly #table = new Uint32Array(CONTEXTS);
  #sites = new Int32Array(SITE_FIELDS << 10);
  #segments: readonly SegmentHead[] = [];
  #segment = 0;
  #number = 0;
  // Where it is: blocks that were predicted, and one that was not; the same of accesses; accesses that are left out.
  #context = 0;
  #blockRun = 0;
  #literal = 0;
  #accessRun = 0;
  #code = 0;
  #skip = 0;
  #previous = 0;
  #site = 0;
  #siteEnd = 0;
  /** Events of the present segment that are still to come in this chunk. */
  #blocksLeft = 0;
  #accessesLeft = 0;
  vcpu = 0;
  pid = 0;
  blocks = 0;
  accesses = 0;

  constructor(places: PlaceTable, values: boolean) {
    this.#places = places;
    this.#values = values ? new Values() : undefined;
  }

  /** Goes on with this chunk. @throws TraceError */
  enter(chunk: Chunk, number: number): void {
    this.#number = number;
    this.#segments = chunk.segments;
    this.#segment = -1;
    this.#blocks.enter(chunk.blocks);
    this.#accesses.enter(chunk.accesses);
    this.#values?.enter(chunk.values, this.#places.length);
    if (this.#places.length * SITE_FIELDS > this.#sites.length) {
      const more = new Int32Array(2 * this.#places.length * SITE_FIELDS);
      more.set(this.#sites);
      this.#sites = more;
    }
    this.#nextSegment();
  }

  /**
   * Puts in events of one segment, as many as there are and fit. 0 once another chunk is needed.
   * @throws TraceError
   */
  fill(out: Columns): number {
    for (;;) {
      const count = this.#decode(out);
      if (count > 0) return count;
      if (this.#blocksLeft > 0 || this.#accessesLeft > 0) throw this.#damaged();
      if (!this.#nextSegment()) return this.#used();
    }
  }

  #used(): 0 {
    if (this.#blocks.overrun || this.#accesses.overrun || this.#values?.overrun) throw this.#damaged();
    return 0;
  }

  #damaged(): Error {
    return corrupt(this.#number, "blocks and accesses do not fit together");
  }

  #nextSegment(): boolean {
    const segment = this.#segments[++this.#segment];
    if (segment === undefined) return false;
    this.vcpu = segment.vcpu;
    this.pid = segment.pid;
    this.#blocksLeft = segment.blocks;
    this.#accessesLeft = segment.accesses;
    if (!segment.goesOn) {
      this.#site = 0;
      this.#siteEnd = 0;
    }
    return true;
  }

  #decode(out: Columns): number {
    const room = out.place.length;
    const { ends, pcs } = this.#places;
    const table = this.#table;
    const sites = this.#sites;
    const { place: places, address: addresses } = out;
    let n = 0;
    let [site, siteEnd, previous, context] = [this.#site, this.#siteEnd, this.#previous, this.#context];
    let [blockRun, accessRun, skip] = [this.#blockRun, this.#accessRun, this.#skip];
    let [blocksLeft, accessesLeft] = [this.#blocksLeft, this.#accessesLeft];
    while (n < room) {
      if (site < siteEnd) {
        if (accessesLeft === 0 && blocksLeft === 0) break;
        if (accessRun === 0 && this.#code === 0) {
          if (skip > 0) {
            const step = Math.min(skip, siteEnd - site);
            site += step;
            skip -= step;
          } else {
            accessRun = this.#accesses.varint();
            this.#code = this.#accesses.varint();
            if (this.#code === 0) skip = this.#accesses.varint();
            if (this.#accesses.overrun) throw this.#damaged();
          }
          continue;
        }
        const at = site * SITE_FIELDS;
        const last = sites[at] ?? 0;
        const byStride = (last + (sites[at + SiteField.STRIDE] ?? 0)) | 0;
        const byGap = (previous + (sites[at + SiteField.GAP] ?? 0)) | 0;
        const trend = sites[at + SiteField.TREND] ?? 0;
        let made = trend > 1 ? byGap : byStride;
        if (accessRun > 0) accessRun--;
        else {
          made = (made + unzigzag(this.#code)) | 0;
          this.#code = 0;
        }
        if (byStride !== made) sites[at + SiteField.STRIDE] = made - last;
        if (byGap !== made) sites[at + SiteField.GAP] = made - previous;
        if (byStride === made && byGap !== made && trend > 0) sites[at + SiteField.TREND] = trend - 1;
        if (byGap === made && byStride !== made && trend < 3) sites[at + SiteField.TREND] = trend + 1;
        sites[at] = made;
        previous = made;
        places[n] = site++;
        addresses[n++] = made;
        accessesLeft--;
        continue;
      }
      if (blocksLeft === 0) break;
      let block: number;
      while (blockRun === 0 && this.#literal === 0) {
        blockRun = this.#blocks.varint();
        this.#literal = this.#blocks.varint();
        if (this.#blocks.overrun) throw this.#damaged();
      }
      if (blockRun > 0) {
        blockRun--;
        block = table[context] ?? 0;
      } else {
        block = this.#literal;
        this.#literal = 0;
        table[context] = block;
      }
      context = nextContext(context, block);
      siteEnd = ends[block] ?? 0;
      if (siteEnd === 0) throw this.#damaged();
      site = block + 1;
      blocksLeft--;
      places[n] = block;
      addresses[n++] = pcs[block] ?? 0;
    }
    this.blocks += this.#blocksLeft - blocksLeft;
    this.accesses += this.#accessesLeft - accessesLeft;
    [this.#site, this.#siteEnd, this.#previous, this.#context] = [site, siteEnd, previous, context];
    [this.#blockRun, this.#accessRun, this.#skip] = [blockRun, accessRun, skip];
    [this.#blocksLeft, this.#accessesLeft] = [blocksLeft, accessesLeft];
    this.#values?.read(out, n, this.#places);
    return n;
  }
}
