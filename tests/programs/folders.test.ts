import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { categories, PROGRAMS, programsOf } from "./harness/program.js";
import { NOT_YET } from "./not-yet.js";

describe("the folder of programs", () => {
  test("has a test file for each category", () => {
    expect(categories().filter((category) => !existsSync(`${PROGRAMS}${category}.test.ts`))).toEqual([]);
  });

  test("has at least 150 programs, each named once and saying what it is for", () => {
    const programs = categories().flatMap(programsOf);
    expect(programs.length).toBeGreaterThanOrEqual(150);
    expect(
      programs
        .filter(({ text }) => !/^\/\/ (?!(flags|link|libraries|args|stdin|witness): ).*\.$/m.test(text))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  test("lists as not yet done only programs that there are", () => {
    const names = categories().flatMap((category) => programsOf(category).map(({ name }) => name));
    expect(Object.keys(NOT_YET).filter((name) => !names.includes(name))).toEqual([]);
  });
});
