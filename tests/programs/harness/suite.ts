import { beforeAll, describe, expect, test } from "vitest";
import { INTERPRETED } from "../../conformance/witness/machine.js";
import { QEMU } from "../../conformance/witness/qemu.js";
import { peer } from "../../peers.js";
import { NOT_YET } from "../not-yet.js";
import { compile, compilerOf } from "./compile.js";
import { type Program, programsOf } from "./program.js";
import { runHere, runThere, type Shown } from "./runs.js";

/** Milliseconds that compiling a whole category may take. */
const COMPILING = 120_000;
/**
 * Executions after which blocks are translated. With 1, as the tests of the machine use it, a program takes a second,
 * nearly all of it for start-up code that is the same in each; `QPP_TEST_TRANSLATE_AFTER=1` asks for it.
 */
const TRANSLATED = { translateAfter: Number(process.env.QPP_TEST_TRANSLATE_AFTER ?? 20) };
/** Compilers at work at once. */
const COMPILERS = 2;

const peersOf = (program: Program): readonly string[] => [
  compilerOf(program, "riscv64"),
  program.witness === "qemu" ? QEMU : compilerOf(program, "native"),
];

/**
 * Declares the tests of a category: each program does in the machine, interpreted and translated, what it does by its
 * witness. One that {@link NOT_YET} lists has to fail, so that the list says nothing that is not so.
 */
export function testPrograms(category: string): void {
  const programs = programsOf(category);
  beforeAll(async () => {
    const waiting = programs.filter((program) => peersOf(program).every(peer));
    const compileAll = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await compileBoth(next).catch(() => {});
    };
    await Promise.all(Array.from({ length: COMPILERS }, compileAll));
  }, COMPILING);

  describe.each(programs)("$name", (program) => {
    const peers = peersOf(program);
    const title = `does as ${program.witness === "qemu" ? "under QEMU" : "on Linux"} (needs ${peers.join(", ")})`;
    test.skipIf(!peers.every(peer))(title, async () => {
      const { here, there } = await compileBoth(program);
      const witnessed = runThere(program, there);
      const interpreted = await tryHere(program, here, INTERPRETED);
      const translated = await tryHere(program, here, TRANSLATED);
      const wanted = await witnessed;
      const reason = NOT_YET[program.name];
      if (reason === undefined) {
        for (const shown of [interpreted, translated]) if (shown instanceof Error) throw shown;
        expect(interpreted, "interpreted").toEqual(wanted);
        expect(translated, "translated").toEqual(wanted);
      } else {
        const passes = `${program.name} passes: remove it from not-yet.ts (${reason})`;
        expect([interpreted, translated], passes).not.toEqual([wanted, wanted]);
      }
    });
  });
}

async function compileBoth(program: Program): Promise<{ readonly here: string; readonly there: string }> {
  const here = await compile(program, "riscv64");
  return { here, there: program.witness === "qemu" ? here : await compile(program, "native") };
}

/** What a run showed, or what was thrown: a program that cannot even be loaded differs, and may be listed as well. */
async function tryHere(...[program, path, mode]: Parameters<typeof runHere>): Promise<Shown | Error> {
  try {
    return await runHere(program, path, mode);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
