import { ByteWriter, zigzag } from "./bytes.js";
import { CONTEXTS, nextContext, SITE_FIELDS, SiteField } from "./format.js";

/**
 * Makes bytes of events, as FORMAT.md says: of blocks, how many were predicted by those before them, and then one that was not; of
 * accesses, how many were predicted, and then by how much one was not, or how many of its block's were left out.
 */
export class EventEncoder {
  readonly #blocks = new ByteWriter();
  readonly #accesses = new ByteWriter();
  readonly #table = new Uint32Array(CONTEXTS);
  /** By place: for a block, the place behind its last access; 0 for everything else. */
  #ends = new Uint32Array(1 << 10);
  #sites = new Int32Array(SITE_FIELDS << 10);
  #context = 0;
  #blockRun = 0;
  #accessRun = 0;
  #previous = 0;
  /** The next access of the block that is being executed, and the place behind its last one. */
  #site = 0;
  #siteEnd = 0;

  /** Bytes since they were last taken. */
  get bytes(): number {
    return this.#blocks.length + this.#accesses.length;
  }

  /** The block at this place has its last access in front of that one. */
  define(place: number, end: number): void {
    if (end > this.#ends.length) {
      const [ends, sites] = [new Uint32Array(2 * end), new Int32Array(2 * end * SITE_FIELDS)];
      ends.set(this.#ends);
      sites.set(this.#sites);
      this.#ends = ends;
      this.#sites = sites;
    }
    this.#ends[place] = end;
  }

  /**
   * Adds events: the place of each, and for accesses the address.
   *
   * @returns how many of them are blocks
   * @throws RangeError for an access that the block before it does not make any more
   */
  add(places: Uint32Array, addresses: Uint32Array, length: number): number {
    const ends = this.#ends;
    const sites = this.#sites;
    const table = this.#table;
    let { blocks, site, siteEnd, previous, context, blockRun, accessRun } = {
      blocks: 0,
      site: this.#site,
      siteEnd: this.#siteEnd,
      previous: this.#previous,
      context: this.#context,
      blockRun: this.#blockRun,
      accessRun: this.#accessRun,
    };
    for (let i = 0; i < length; i++) {
      const place = places[i] ?? 0;
      const end = ends[place] ?? 0;
      if (end > 0) {
        if (site < siteEnd) {
          this.#skip(accessRun, siteEnd - site);
          accessRun = 0;
        }
        if (table[context] === place) blockRun++;
        else {
          this.#blocks.varint(blockRun);
          this.#blocks.varint(place);
          blockRun = 0;
          table[context] = place;
        }
        context = nextContext(context, place);
        site = place + 1;
        siteEnd = end;
        blocks++;
        continue;
      }
      if (place !== site || site === siteEnd) {
        if (place < site || place >= siteEnd) throw new RangeError(`no access at place ${place} is to come`);
        this.#skip(accessRun, place - site);
        accessRun = 0;
      }
      site = place + 1;
      const at = SITE_FIELDS * place;
      const made = (addresses[i] ?? 0) | 0;
      const last = sites[at] ?? 0;
      const byStride = (last + (sites[at + SiteField.STRIDE] ?? 0)) | 0;
      const byGap = (previous + (sites[at + SiteField.GAP] ?? 0)) | 0;
      const trend = sites[at + SiteField.TREND] ?? 0;
      const predicted = trend > 1 ? byGap : byStride;
      if (predicted === made) accessRun++;
      else {
        this.#accesses.varint(accessRun);
        this.#accesses.varint(zigzag((made - predicted) | 0));
        accessRun = 0;
      }
      // What did not predict it learns from it; the trend goes to what did so alone.
      if (byStride !== made) sites[at + SiteField.STRIDE] = made - last;
      if (byGap !== made) sites[at + SiteField.GAP] = made - previous;
      if (byStride === made && byGap !== made && trend > 0) sites[at + SiteField.TREND] = trend - 1;
      if (byGap === made && byStride !== made && trend < 3) sites[at + SiteField.TREND] = trend + 1;
      sites[at] = made;
      previous = made;
    }
    this.#site = site;
    this.#siteEnd = siteEnd;
    this.#previous = previous;
    this.#context = context;
    this.#blockRun = blockRun;
    this.#accessRun = accessRun;
    return blocks;
  }

  /** What follows is not of the block that was executed last: what is still to come of that does not. */
  cut(): void {
    this.#site = 0;
    this.#siteEnd = 0;
  }

  /** Blocks since this was last asked for; valid until more are added. */
  takeBlocks(): Uint8Array {
    if (this.#blockRun > 0) {
      this.#blocks.varint(this.#blockRun);
      this.#blocks.varint(0);
    }
    this.#blockRun = 0;
    const { bytes } = this.#blocks;
    this.#blocks.clear();
    return bytes;
  }

  /** Accesses since this was last asked for; valid until more are added. */
  takeAccesses(): Uint8Array {
    if (this.#accessRun > 0) this.#skip(this.#accessRun, 0);
    this.#accessRun = 0;
    const { bytes } = this.#accesses;
    this.#accesses.clear();
    return bytes;
  }

  #skip(run: number, count: number): void {
    this.#accesses.varint(run);
    this.#accesses.varint(0);
    this.#accesses.varint(count);
  }
}
