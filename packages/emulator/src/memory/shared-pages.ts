import { fill } from "./fill.js";
import { PAGE_SIZE, Permission } from "./layout.js";
import type { Mapping, Mappings } from "./mappings.js";
import type { Pages } from "./pages.js";
import type { SharedObject } from "./shared-object.js";
import type { PageSource } from "./source.js";

/** One address space's part in what it shares with others. */
export interface SharedPages {
  /** Notes that a page is about to be written to: others that show the same are held until it is handed over. */
  note(page: number): void;
  /** Hands the pages that were written to over to their objects, and withholds WRITE from them again. */
  push(): void;
  /** Brings pages up to date that others have changed. */
  pull(): void;
  /** Reads the pages of a mapping that was just made. */
  load(mapping: Mapping): void;
  /** Retains what a new mapping shows. */
  attach(mapping: Mapping): void;
  /** Takes notice of mappings that have gone; what is mapped no more is released, now or some changes later. */
  detach(gone: readonly Mapping[]): void;
  /** Releases what is mapped no more. */
  settle(): void;
}

/** What {@link createSharedPages} works on. */
interface SharedPagesParts {
  readonly u8: Uint8Array;
  readonly pages: Pages;
  readonly mappings: Mappings;
  /** Called before a page changes that code may be in. */
  readonly codeWrite: (address: number, length: number) => void;
}

/** All mappings are looked through for each so many-th part of them that has gone: so it costs a constant for each. */
const PATIENCE = 16;

/** Makes the part of an address space that shares nothing yet. */
export function createSharedPages({ u8, pages, mappings, codeWrite }: SharedPagesParts): SharedPages {
  /** What is mapped, up to which of its stamps it is known here, and its size then. */
  const objects = new Map<SharedObject, { seen: number; size: number }>();
  const sources = new Set<PageSource>();
  let written: number[] = [];
  /** Mappings of files or objects that have gone since it was looked which are mapped still. */
  let removals = 0;

  const bytesOf = (page: number): Uint8Array => u8.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);

  /** The pages here that show a page of an object. */
  function* placesOf(object: SharedObject, page: number): Generator<number> {
    const offset = page * PAGE_SIZE;
    for (const mapping of mappings.list) {
      if (mapping.object !== object || offset < mapping.offset) continue;
      const address = mapping.start + (offset - mapping.offset);
      if (address < mapping.end) yield address / PAGE_SIZE;
    }
  }

  function renew(page: number, bytes: (into: Uint8Array) => void): void {
    if ((pages.permissions[page] ?? 0) & Permission.EXEC) codeWrite(page * PAGE_SIZE, PAGE_SIZE);
    bytes(bytesOf(page));
    pages.touched[page] = 1;
  }

  /** Withholds what lies past the end of the object, and grants what does not any more. */
  function fit({ start, end, offset, prot, object }: Mapping): void {
    if (!object) return;
    const first = start / PAGE_SIZE;
    const last = end / PAGE_SIZE;
    const inside = Math.ceil((object.size - offset) / PAGE_SIZE);
    const border = Math.max(first, Math.min(last, first + inside));
    pages.beyond.fill(0, first, border);
    pages.beyond.fill(1, border, last);
    pages.grant(first, last, prot);
  }

  function pullObject(object: SharedObject, seen: number, resized: boolean): void {
    const newer = new Set<number>();
    for (const mapping of mappings.list) {
      if (mapping.object !== object) continue;
      const { start, end, offset, prot } = mapping;
      if (resized) {
        if (prot & Permission.EXEC) codeWrite(start, end - start);
        fit(mapping);
      }
      const first = offset / PAGE_SIZE;
      object.changedSince(seen, first, first + (end - start) / PAGE_SIZE, (page) => newer.add(page));
    }
    for (const page of newer) {
      for (const place of placesOf(object, page)) renew(place, (into) => object.load(page, into));
    }
  }

  function settle(): void {
    removals = 0;
    const unused = new Set<SharedObject | PageSource>([...objects.keys(), ...sources]);
    for (const { object, source } of mappings.list) {
      if (object) unused.delete(object);
      if (source) unused.delete(source);
    }
    for (const object of objects.keys()) if (unused.has(object)) objects.delete(object);
    for (const source of sources) if (unused.has(source)) sources.delete(source);
    for (const one of unused) one.release();
  }

  return {
    note(page) {
      written.push(page);
      const address = page * PAGE_SIZE;
      const mapping = mappings.find(address);
      const object = mapping?.object;
      if (!mapping || !object) return;
      for (const place of placesOf(object, (mapping.offset + (address - mapping.start)) / PAGE_SIZE)) {
        if (place === page) continue;
        if ((pages.permissions[place] ?? 0) & Permission.EXEC) codeWrite(place * PAGE_SIZE, PAGE_SIZE);
        pages.hold(place);
      }
    },
    push() {
      if (written.length === 0) return;
      const changed = written;
      written = [];
      for (const page of changed) {
        const address = page * PAGE_SIZE;
        const mapping = mappings.find(address);
        const object = mapping?.object;
        if (!mapping || !object) continue;
        const index = (mapping.offset + (address - mapping.start)) / PAGE_SIZE;
        const bytes = bytesOf(page);
        object.store(index, bytes);
        objects.set(object, { seen: object.stamp, size: object.size });
        pages.withhold(page);
        for (const place of placesOf(object, index)) {
          if (place === page) continue;
          renew(place, (into) => into.set(bytes));
          pages.grant(place, place + 1, mappings.find(place * PAGE_SIZE)?.prot ?? 0);
        }
      }
    },
    pull() {
      for (const [object, { seen, size }] of objects) {
        if (object.stamp === seen) continue;
        pullObject(object, seen, object.size !== size);
        objects.set(object, { seen: object.stamp, size: object.size });
      }
    },
    load(mapping) {
      const { start, end, offset, object } = mapping;
      if (!object) return;
      pages.shared.fill(1, start / PAGE_SIZE, end / PAGE_SIZE);
      fit(mapping);
      if (object.source) fill(u8, pages, mapping, object.source);
      const first = offset / PAGE_SIZE;
      object.changedSince(0, first, first + (end - start) / PAGE_SIZE, (page) => {
        const place = start / PAGE_SIZE + (page - first);
        object.load(page, bytesOf(place));
        pages.touched[place] = 1;
      });
    },
    attach({ object, source }) {
      if (object && !objects.has(object)) {
        object.retain();
        objects.set(object, { seen: object.stamp, size: object.size });
      }
      if (source && !sources.has(source)) {
        source.retain();
        sources.add(source);
      }
    },
    detach(gone) {
      if (!gone.some(({ object, source }) => object ?? source)) return;
      removals += 1;
      if (removals * PATIENCE > mappings.list.length) settle();
    },
    settle() {
      if (removals > 0) settle();
    },
  };
}
