import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMappings, type Mapping } from "../../../packages/emulator/src/memory/mappings.js";

const PAGE = 4096;
const PAGES = 24;

const range = fc
  .tuple(fc.nat(PAGES - 1), fc.integer({ min: 1, max: PAGES }))
  .map(([first, count]) => ({ start: first * PAGE, end: Math.min(first + count, PAGES) * PAGE }));

const step = fc.oneof(
  fc.record({
    kind: fc.constant("add" as const),
    range,
    prot: fc.nat(2),
    name: fc.constantFrom("", "/f", "[heap]"),
    shared: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("remove" as const), range }),
  fc.record({ kind: fc.constant("protect" as const), range, prot: fc.nat(2) }),
);

interface ModelPage {
  prot: number;
  name: string;
  offset: number;
  shared: boolean;
}

describe("the list of mappings", () => {
  test("agrees with an array of pages, is sorted, disjoint and merged as far as it goes", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), range, (steps, asked) => {
        const mappings = createMappings();
        const model: (ModelPage | undefined)[] = new Array(PAGES).fill(undefined);
        const pagesOf = (r: { start: number; end: number }): number[] =>
          model.map((_, page) => page).filter((page) => page * PAGE >= r.start && page * PAGE < r.end);
        for (const action of steps) {
          const { start, end } = action.range;
          if (action.kind === "add") {
            const { prot, name, shared } = action;
            const file = name.startsWith("/");
            mappings.add({ start, end, prot, name, shared, file, offset: file ? start : 0 });
            for (const page of pagesOf(action.range)) {
              model[page] = { prot, name, shared, offset: file ? page * PAGE : 0 };
            }
          } else if (action.kind === "remove") {
            mappings.remove(start, end);
            for (const page of pagesOf(action.range)) model[page] = undefined;
          } else {
            mappings.change(start, end, { prot: action.prot });
            for (const page of pagesOf(action.range)) {
              const old = model[page];
              if (old) model[page] = { ...old, prot: action.prot };
            }
          }
        }
        model.forEach((page, index) => {
          const found = mappings.find(index * PAGE + 5);
          expect(found && pageOf(found, index)).toEqual(page);
        });
        mappings.list.forEach((mapping, index) => {
          expect(mapping.start).toBeLessThan(mapping.end);
          const next = mappings.list[index + 1];
          if (!next) return;
          expect(mapping.end).toBeLessThanOrEqual(next.start);
          const touching = mapping.end === next.start;
          expect(
            touching && JSON.stringify(pageOf(mapping, 0, 0)) === JSON.stringify(pageOf(next, 0, 0)),
          ).toBe(false);
        });
        expect(mappings.covered(asked.start, asked.end)).toBe(
          pagesOf(asked).filter((p) => model[p]).length * PAGE,
        );
        const parts = mappings.within(asked.start, asked.end);
        expect(parts.flatMap((m) => pagesOf(m).map((p) => pageOf(m, p)))).toEqual(
          pagesOf(asked).flatMap((p) => model[p] ?? []),
        );
        const wanted = asked.end - asked.start;
        expect(mappings.findFree(wanted, 2 * PAGE, PAGES * PAGE)).toBe(highestFree(model, wanted / PAGE));
      }),
      { numRuns: 400 },
    );
  });
});

/** What a mapping says of a page; for comparing neighbours, of where its file would be at address 0. */
function pageOf(mapping: Mapping, page: number, origin = page * PAGE): ModelPage {
  const { prot, name, shared } = mapping;
  return { prot, name, shared, offset: mapping.file ? mapping.offset + (origin - mapping.start) : 0 };
}

function highestFree(model: readonly (ModelPage | undefined)[], count: number): number | undefined {
  for (let first = PAGES - count; first >= 2; first -= 1) {
    if (model.slice(first, first + count).every((page) => page === undefined)) return first * PAGE;
  }
  return undefined;
}
