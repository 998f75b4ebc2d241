import { GUEST_END, PAGE_SHIFT, PAGE_SIZE, PERMISSIONS, Permission } from "./layout.js";
import { forEachRun } from "./runs.js";
import { createSpans } from "./spans.js";

/** Pages of the guest's address space. */
const PAGES: number = GUEST_END >>> PAGE_SHIFT;
/** The first store to one of so many pages, aligned to as many, opens its neighbours for stores as well. */
const AROUND = 16;

/**
 * What is known of each page besides its mapping, by page number. WRITE is withheld (Permission.WRITE_CODE) from
 * writable pages until the first store, so that it is known which pages hold anything: those are all that fork(2) copies,
 * and that are zeroed when they are unmapped.
 */
export interface Pages {
  /** {@link Permission} bits. */
  readonly permissions: Uint8Array;
  /** 1: may hold something else than zeros. */
  readonly touched: Uint8Array;
  /** 1: blocks may have been predecoded from it. */
  readonly watched: Uint8Array;
  /** 1: shows a page of a shared object. */
  readonly shared: Uint8Array;
  /** 1: past the end of its file, where every access is a SIGBUS (mmap(2)). */
  readonly beyond: Uint8Array;
  /** Sets the permissions that pages `first` to before `last` have by the `PROT_*` bits of their mapping. Code from there is stale. */
  grant(first: number, last: number, prot: number): void;
  /** Forgets all that is known of pages that are not mapped any more. */
  clear(first: number, last: number): void;
  /** Makes private pages hold zeros, touching only memory that may hold something else. */
  scrub(first: number, last: number): void;
  /** Gives WRITE to a page from which it is withheld, and, if it is private and has no code, to such neighbours. */
  open(page: number): void;
  /** Withholds WRITE from a page, if it has it, until it is opened. */
  withhold(page: number): void;
  /** Withholds everything from a page, until it is granted again. */
  hold(page: number): void;
  /** How many of some pages are {@link Pages.touched}. */
  countTouched(first: number, last: number): number;
}

/** Makes the tables of an empty address space. */
export function createPages(buffer: ArrayBuffer): Pages {
  const u8 = new Uint8Array(buffer);
  const permissions = new Uint8Array(buffer, PERMISSIONS, PAGES);
  const spans = createSpans(permissions);
  const touched = new Uint8Array(PAGES);
  const watched = new Uint8Array(PAGES);
  const shared = new Uint8Array(PAGES);
  const beyond = new Uint8Array(PAGES);
  return {
    permissions,
    touched,
    watched,
    shared,
    beyond,
    grant(first, last, prot) {
      const bits = prot | Permission.MAPPED;
      watched.fill(0, first, last);
      if (prot & Permission.WRITE) {
        const withheld = (bits & ~Permission.WRITE) | Permission.WRITE_CODE;
        permissions.fill(withheld, first, last);
        forEachRun(touched, first, last, (from, to) => permissions.fill(bits, from, to));
        forEachRun(shared, first, last, (from, to) => permissions.fill(withheld, from, to));
      } else {
        permissions.fill(bits, first, last);
      }
      forEachRun(beyond, first, last, (from, to) => permissions.fill(Permission.MAPPED, from, to));
      spans.update(first, last);
      spans.forget();
    },
    clear(first, last) {
      permissions.fill(0, first, last);
      spans.update(first, last);
      spans.forget();
      watched.fill(0, first, last);
      shared.fill(0, first, last);
      beyond.fill(0, first, last);
    },
    scrub(first, last) {
      forEachRun(touched, first, last, (from, to) => {
        u8.fill(0, from * PAGE_SIZE, to * PAGE_SIZE);
        touched.fill(0, from, to);
      });
    },
    open(page) {
      const bits = permissions[page] ?? 0;
      const granted = (bits & ~Permission.WRITE_CODE) | Permission.WRITE;
      permissions[page] = granted;
      touched[page] = 1;
      const start = page - (page % AROUND);
      if (!(bits & Permission.EXEC || shared[page])) {
        for (let near = start; near < start + AROUND; near += 1) {
          if (permissions[near] !== bits || shared[near]) continue;
          permissions[near] = granted;
          touched[near] = 1;
        }
      }
      spans.update(start, start + AROUND);
    },
    withhold(page) {
      const bits = permissions[page] ?? 0;
      if (!(bits & Permission.WRITE)) return;
      permissions[page] = (bits & ~Permission.WRITE) | Permission.WRITE_CODE;
      spans.update(page, page + 1);
      spans.forget();
    },
    hold(page) {
      permissions[page] = Permission.MAPPED | Permission.HELD;
      spans.update(page, page + 1);
      spans.forget();
    },
    countTouched(first, last) {
      let count = 0;
      forEachRun(touched, first, last, (from, to) => {
        count += to - from;
      });
      return count;
    },
  };
}
