import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  GUEST_START,
  PAGE_SIZE,
  Permission,
  READ_SPANS,
  WINDOWS,
  WRITE_SPANS,
} from "../../../packages/emulator/src/memory/layout.js";
import { createPages } from "../../../packages/emulator/src/memory/pages.js";
import { REACH } from "../../../packages/emulator/src/memory/spans.js";

const { READ, WRITE, EXEC } = Permission;
const { buffer } = new WebAssembly.Memory({ initial: 0xffff, maximum: 0xffff });
const pages = createPages(buffer);
const view = new DataView(buffer);
/** Around the end of a block of 1024 pages. */
const FIRST = 2040;
const LAST = FIRST + 24;

const TABLES = [
  { table: READ_SPANS, need: READ },
  { table: WRITE_SPANS, need: READ | WRITE },
];

function spanOf(table: number, page: number): readonly [start: number, size: number] {
  return [view.getUint32(table + 8 * page, true), view.getUint32(table + 8 * page + 4, true)];
}

/** What the table must tell of a page, found out page by page. */
function expected(need: number, page: number): readonly [start: number, size: number] {
  const allows = (at: number): boolean => ((pages.permissions[at] ?? 0) & need) === need;
  if (!allows(page)) return [0, 0];
  let start = page;
  while (start % 1024 !== 0 && allows(start - 1)) start--;
  let end = page + 1;
  while (end % 1024 !== 0 && allows(end)) end++;
  return [start * PAGE_SIZE, (end - start) * PAGE_SIZE - REACH + 1];
}

const page = fc.integer({ min: FIRST, max: LAST - 1 });
const change = fc.oneof(
  fc.record({
    kind: fc.constant("grant"),
    page,
    length: fc.integer({ min: 1, max: 8 }),
    prot: fc.constantFrom(0, READ, WRITE, READ | WRITE, READ | EXEC, READ | WRITE | EXEC),
  }),
  fc.record({
    kind: fc.constantFrom("clear", "open", "withhold"),
    page,
    length: fc.constant(1),
    prot: fc.constant(0),
  }),
);

describe("spans", () => {
  test("are the runs of pages that allow the same, within blocks", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        pages.clear(FIRST, LAST);
        pages.touched.fill(0, FIRST, LAST);
        for (const { kind, page, length, prot } of changes) {
          const last = Math.min(page + length, LAST);
          if (kind === "grant") pages.grant(page, last, prot);
          else if (kind === "clear") pages.clear(page, last);
          else if (kind === "withhold") pages.withhold(page);
          else if ((pages.permissions[page] ?? 0) & Permission.WRITE_CODE) pages.open(page);
        }
        for (let at = FIRST - 20; at < LAST + 20; at++) {
          for (const { table, need } of TABLES) expect(spanOf(table, at)).toEqual(expected(need, at));
        }
      }),
    );
  });

  test("that were found are forgotten when pages allow less, and only then", () => {
    const present = (): number => view.getUint32(GUEST_START - 4, true) + view.getUint32(WINDOWS, true);
    const remembered = (act: () => void): number => {
      view.setUint32(WINDOWS, 1, true);
      view.setUint32(GUEST_START - 4, 1, true);
      act();
      return present();
    };
    expect(remembered(() => pages.grant(FIRST, LAST, READ | WRITE))).toBe(0);
    expect(remembered(() => pages.open(FIRST))).toBe(2);
    expect(remembered(() => pages.withhold(FIRST))).toBe(0);
    expect(remembered(() => pages.withhold(FIRST))).toBe(2);
    expect(remembered(() => pages.clear(FIRST, LAST))).toBe(0);
  });
});
