import fc from "fast-check";
import { expect, test } from "vitest";
import { picture } from "../../bench/machine/picture.js";
import { meanRatio } from "../../bench/machine/ratios.js";
import { results, section } from "./results.js";

const numbersOf = (svg: string, attribute: string): number[] =>
  [...svg.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))].map(([, text]) => Number(text));

test("all is drawn inside the picture, and every bar has a width", () => {
  fc.assert(
    fc.property(results, (drawn) => {
      const svg = picture(drawn);
      const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
      for (const x of ["x", "x1", "x2", "cx"].flatMap((name) => numbersOf(svg, name))) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width);
      }
      for (const y of ["y", "y1", "y2", "cy"].flatMap((name) => numbersOf(svg, name))) {
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(height);
      }
      for (const bar of numbersOf(svg, "width")) expect(bar).toBeGreaterThan(0);
    }),
  );
});

test("it is well-formed: each element is closed, names are escaped", () => {
  fc.assert(
    fc.property(results, (drawn) => {
      const open: string[] = [];
      const rest = picture(drawn).replaceAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g, (_, end, name, empty) => {
        if (end) expect(open.pop()).toBe(name);
        else if (!empty) open.push(name);
        return "";
      });
      expect(open).toEqual([]);
      expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
    }),
  );
});

test("a bar goes to the right for what is faster than QEMU, to the left for what is slower", () => {
  const speed = (program: string, qpp: number) => ({
    program,
    kind: undefined,
    insns: 1,
    times: { qpp: [qpp], qemu: [2] },
  });
  const found = [speed("fast", 1), speed("slow", 4)];
  const svg = picture({ speed: section(found) });
  expect(svg).toMatch(/class="faster"[^>]*><title>fast: 2.00×/);
  expect(svg).toMatch(/class="slower"[^>]*><title>slow: 0.50×/);
  expect(meanRatio(found, "qemu")).toBeCloseTo(1, 12);
});
