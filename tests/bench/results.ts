import fc from "fast-check";
import type { AnalysisSpeed, Results, Section, Speed } from "../../bench/machine/results.js";

const runs = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 5 });

/** A section that was measured some time. */
export const section = <T>(found: T): Section<T> => ({
  date: "2026-01-02",
  environment: { cpu: "CPU", cores: 2, versions: ["Node v20"] },
  load: ["0", "1"],
  runs: 3,
  found,
});

const speeds: fc.Arbitrary<Speed[]> = fc.uniqueArray(
  fc.record({
    program: fc.stringMatching(/^[a-z<&]{1,8}$/),
    kind: fc.constantFrom("floating point" as const, "recursion" as const, undefined),
    insns: fc.nat(1e9),
    times: fc.record({ qpp: runs, qemu: runs, native: runs, interpreter: runs }, { requiredKeys: ["qpp"] }),
  }),
  { selector: ({ program }) => program, minLength: 1, maxLength: 6 },
);

const analyses: fc.Arbitrary<AnalysisSpeed[]> = fc
  .tuple(fc.constantFrom(["sieve"], ["sieve", "qsort"]), fc.constantFrom(["none"], ["none", "count"]))
  .chain(([programs, names]) =>
    fc.tuple(
      ...programs.flatMap((program) =>
        names.map((analysis) =>
          fc.record({
            program: fc.constant(program),
            analysis: fc.constant(analysis),
            qpp: runs,
            qemu: runs,
            differences: fc.constant([]),
          }),
        ),
      ),
    ),
  );

/** Results with what is drawn in the picture, or a part of it. */
export const results: fc.Arbitrary<Results> = fc.record(
  { speed: speeds.map(section), analyses: analyses.map(section) },
  { requiredKeys: [] },
);
