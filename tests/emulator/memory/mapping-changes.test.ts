import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMappings } from "../../../packages/emulator/src/memory/mapping-changes.js";
import { createMappings, type Mapping } from "../../../packages/emulator/src/memory/mappings.js";
import { createImageSource } from "../../../packages/emulator/src/memory/source.js";

const PAGE = 4096;
const PAGES = 12;
const source = createImageSource(new Uint8Array());

const step = fc.record({
  kind: fc.constantFrom("add" as const, "remove" as const, "protect" as const),
  first: fc.nat({ max: PAGES - 1 }),
  count: fc.integer({ min: 1, max: 5 }),
  prot: fc.nat({ max: 3 }),
  file: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function apply(mappings: ReturnType<typeof createMappings>, { kind, first, count, prot, file }: Step): void {
  const start = first * PAGE;
  const end = (first + count) * PAGE;
  if (kind === "remove") mappings.remove(start, end);
  else if (kind === "protect") mappings.change(start, end, { prot });
  else if (file)
    mappings.add({ start, end, prot, name: "/f", file: true, offset: prot * PAGE, shared: false, source });
  else mappings.add({ start, end, prot, name: "", file: false, offset: 0, shared: false });
}

/** What each page shows. */
function model(list: readonly Mapping[]): Map<number, string> {
  const pages = new Map<number, string>();
  for (const { start, end, prot, name, offset, file } of list) {
    for (let page = start; page < end; page += PAGE)
      pages.set(page, `${prot} ${name} ${file ? offset + page - start : 0}`);
  }
  return pages;
}

describe("compareMappings", () => {
  it("leads from what was to what is, and tells of no page that shows the same", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 12 }), (before, after) => {
        const mappings = createMappings();
        for (const each of before) apply(mappings, each);
        const old = [...mappings.list];
        for (const each of after) apply(mappings, each);
        const { mapped, unmapped } = compareMappings(old, mappings.list);
        const from = model(old);
        const to = model(mappings.list);
        const pages = new Map(from);
        for (const { start, end } of unmapped) {
          for (let page = start; page < end; page += PAGE) {
            expect(from.has(page) && !to.has(page)).toBe(true);
            pages.delete(page);
          }
        }
        for (const [page, text] of model(mapped)) {
          expect(from.get(page)).not.toBe(text);
          pages.set(page, text);
        }
        expect(new Map([...pages].sort(([a], [b]) => a - b))).toEqual(to);
      }),
    );
  });

  it("counts changes, and nothing else", () => {
    const mappings = createMappings();
    const { stamp } = mappings;
    mappings.within(0, PAGE);
    mappings.find(0);
    expect(mappings.stamp).toBe(stamp);
    mappings.add({ start: 0, end: PAGE, prot: 1, name: "", file: false, offset: 0, shared: false });
    expect(mappings.stamp).toBeGreaterThan(stamp);
  });
});
