import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { peer } from "../peers.js";
import { folderWith, qpp } from "./qpp.js";

const [GCC, ANNOTATE, VALGRIND] = ["riscv64-linux-gnu-gcc", "callgrind_annotate", "valgrind"];
const SOURCE = fileURLToPath(new URL("../plugins/symbols/guests/lines.c", import.meta.url));
const number = (text = ""): number => Number(text.replaceAll(",", ""));

describe.skipIf(!peer(GCC) || !peer(VALGRIND))(`callgrind.out (needs ${GCC}, ${VALGRIND})`, () => {
  it("is read by callgrind_annotate: totals, lines, calls with all that they cost", () => {
    const folder = folderWith();
    execFileSync(GCC, ["-g", "-O0", "-static", "-o", "lines", SOURCE], { cwd: folder });
    const plugins = ["-p", "profile,lines=on,limit=0", "-p", "coverage"];
    const json = ["--json", "run.json", "--out", "out"];
    expect(qpp(["run", "-q", ...json, ...plugins, "./lines", "25"], { cwd: folder }).code).toBe(0);
    const { machine, plugins: found } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as {
      machine: { insns: number };
      plugins: { profile: { functions: { name: string; self: number; total: number }[] } };
    };
    const annotated = (...args: readonly string[]): string => {
      const command = [...args, "--threshold=100", join(folder, "out/callgrind.out.100")];
      const { status, stdout, stderr } = spawnSync(ANNOTATE, command, { encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
      return stdout;
    };
    const text = annotated("--auto=yes");
    expect(number(/^([\d,]+) \(100.0%\) {2}PROGRAM TOTALS$/m.exec(text)?.[1])).toBe(machine.insns);
    const { functions } = found.profile;
    for (const name of ["main", "twice", "printf", "_int_malloc"]) {
      const self = number(new RegExp(`^ *([\\d,]+) \\(.*:${name} \\[`, "m").exec(text)?.[1]);
      expect([name, self]).toEqual([name, functions.find((each) => each.name === name)?.self]);
    }
    // What a line executed itself stands before its text, and what it called behind an arrow.
    const twice = functions.find(({ name }) => name === "twice");
    expect(number(/^ *([\d,]+) .*static int twice/m.exec(text)?.[1])).toBe(twice?.self);
    expect(text).toMatch(new RegExp(`^ *${twice?.total} \\(.*=> .*lines.c:twice \\(9x\\)$`, "m"));
    const main = functions.find(({ name }) => name === "main");
    const tree = annotated("--inclusive=yes", "--tree=calling");
    expect(number(/^ *([\d,]+) \(.*> .*lines.c:main \(1x\)/m.exec(tree)?.[1])).toBe(main?.total);
  });

  it("is not written unless lines are asked for", () => {
    const folder = folderWith();
    execFileSync(GCC, ["-g", "-O0", "-static", "-o", "lines", SOURCE], { cwd: folder });
    expect(qpp(["run", "-q", "--out", "out", "-p", "profile", "./lines"], { cwd: folder }).code).toBe(0);
    expect(() => readFileSync(join(folder, "out/callgrind.out.100"))).toThrow("ENOENT");
  });
});
