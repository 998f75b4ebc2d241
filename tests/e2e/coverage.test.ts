import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { peer } from "../peers.js";
import { folderWith, qpp } from "./qpp.js";

const SOURCE = fileURLToPath(new URL("../plugins/symbols/guests/lines.c", import.meta.url));
const [GCC, GCOV, QEMU] = ["riscv64-linux-gnu-gcc", "riscv64-linux-gnu-gcov", "qemu-riscv64"];

/** Counts by line of an lcov tracefile with one source file. */
const linesIn = (lcov: string): Map<number, number> =>
  new Map([...lcov.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, line, count]) => [Number(line), Number(count)]));

describe.skipIf(!peer(GCC))(`coverage of source lines (needs ${GCC})`, () => {
  const sources = () => {
    const folder = folderWith();
    copyFileSync(SOURCE, join(folder, "lines.c"));
    execFileSync(GCC, ["-g", "-O0", "-static", "-o", "lines", "lines.c"], { cwd: folder });
    return {
      folder,
      run(out: string, args: readonly string[], plugin = "coverage"): void {
        const ended = qpp(["run", "-q", "--out", out, "-p", plugin, "./lines", ...args], { cwd: folder });
        expect(ended).toMatchObject({ code: 0, stderr: "" });
      },
      file: (...names: readonly string[]): string => readFileSync(join(folder, ...names), "utf8"),
    };
  };
  /** Two runs, and the second one with the first one's coverage. */
  const merged = () => {
    const made = sources();
    made.run("first", ["0"], "coverage,edges=on");
    made.run("second", ["25"], "coverage,edges=on");
    made.run("both", ["25"], "coverage,edges=on,merge=first/coverage.json");
    return made;
  };

  it.skipIf(!peer(GCOV) || !peer(QEMU))(`counts what gcov counts (needs ${GCOV}, ${QEMU})`, () => {
    const { run, file } = sources();
    run("out", ["25"]);
    const there = folderWith();
    copyFileSync(SOURCE, join(there, "lines.c"));
    const options = { cwd: there, encoding: "utf8" } as const;
    execFileSync(GCC, ["--coverage", "-O0", "-static", "-o", "counted", "lines.c"], options);
    execFileSync(QEMU, ["./counted", "25"], options);
    const text = execFileSync(GCOV, ["-t", "counted-lines.gcda"], options);
    const counted = [...text.matchAll(/^ *(\d+|#####)\*?: *(\d+):/gm)].map(
      ([, count, line]) => [Number(line), count === "#####" ? 0 : Number(count)] as const,
    );
    // It also has lines of labels, which have no code, and has none of a function's end.
    const mine = linesIn(file("out", "coverage.lcov"));
    const both = counted.filter(([line]) => mine.has(line));
    expect(both.length).toBeGreaterThan(13);
    expect(both.map(([line]) => [line, mine.get(line)])).toEqual(both);
  });

  it("adds up runs: lines, blocks and edges", () => {
    const { file } = merged();
    const [first, second, both] = ["first", "second", "both"].map((out) =>
      linesIn(file(out, "coverage.lcov")),
    );
    expect(first).not.toEqual(second);
    const lines = [...(both ?? [])].map(([line]) => [
      line,
      (first?.get(line) ?? 0) + (second?.get(line) ?? 0),
    ]);
    expect([...(both ?? [])]).toEqual(lines);
    type Saved = { objects: { blocks: number[][] }[]; edges: number[][] };
    const executed = (out: string): [blocks: number, edges: number] => {
      const { objects, edges } = JSON.parse(file(out, "coverage.json")) as Saved;
      const sum = (rows: number[][], column: number) =>
        rows.reduce((total, row) => total + (row[column] ?? 0), 0);
      return [objects.reduce((total, { blocks }) => total + sum(blocks, 3), 0), sum(edges, 2)];
    };
    const [a, b] = [executed("first"), executed("second")];
    expect(executed("both")).toEqual([a[0] + b[0], a[1] + b[1]]);
  });

  it.skipIf(!peer("lcov"))("is merged by lcov to the same, and shown by genhtml (needs lcov)", () => {
    const { folder, file } = merged();
    const lcov = (command: string, ...args: readonly string[]) =>
      spawnSync(command, args, { cwd: folder, encoding: "utf8" });
    const added = lcov("lcov", "-a", "first/coverage.lcov", "-a", "second/coverage.lcov", "-o", "added.lcov");
    expect(added.status).toBe(0);
    expect(linesIn(file("added.lcov"))).toEqual(linesIn(file("both", "coverage.lcov")));
    const html = lcov("genhtml", "both/coverage.lcov", "-o", "html");
    expect(html.status).toBe(0);
    const lines = [...linesIn(file("both", "coverage.lcov")).values()];
    const hit = lines.filter((count) => count > 0).length;
    expect(html.stdout).toMatch(new RegExp(`lines\\.*: .*\\(${hit} of ${lines.length} lines\\)`));
  });

  it("says what is wrong with a file to be merged", () => {
    const { folder } = sources();
    writeFileSync(join(folder, "bad.json"), '{ "version": 2 }');
    for (const [path, message] of [
      ["none.json", "no such file"],
      ["bad.json", "bad.json is no coverage.json of this plugin"],
      ["lines.c", "lines.c is no coverage.json"],
    ] as const) {
      const { code, stderr } = qpp(["run", "-p", `coverage,merge=${path}`, "./lines"], { cwd: folder });
      expect(code).toBe(125);
      expect(stderr).toContain(message);
    }
  });

  it("is written by drcov where it is asked for", () => {
    const { folder, run, file } = sources();
    run("out", [], "drcov,filename=some.trace");
    expect(file("some.trace")).toMatch(/^DRCOV VERSION: 2\nDRCOV FLAVOR: drcov-64\n/);
    expect(qpp(["run", "-p", "drcov", "./lines"], { cwd: folder }).stderr).toMatch(
      /\ndrcov\n {2}\d+ blocks\n/,
    );
  });
});
