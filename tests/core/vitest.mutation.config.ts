import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const source = (path: string): string =>
  fileURLToPath(new URL(`../../packages/core/src/${path}`, import.meta.url));

/** The quick tests first: most mutants do not outlive them. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const slow = ({ moduleId }: TestSpecification): number =>
      ["/fabric/", "/many-listeners."].findIndex((part) => moduleId.includes(part));
    return files.sort((a, b) => slow(a) - slow(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** For `npm run mutation`: the sources are those of the copy that Stryker works on, not those that node_modules leads to. */
export default defineConfig({
  resolve: {
    alias: { "@qpp/core/testing": source("testing/index.ts"), "@qpp/core": source("index.ts") },
  },
  test: {
    include: ["tests/core/**/*.test.ts"],
    exclude: [
      // Mutants are switched on and off by code that allocates.
      "tests/core/allocation.test.ts",
      // These are about the testing kit. One plants a bug that looks at the stack, which is another in a worker thread.
      "tests/core/fabric/bugs.test.ts",
      "tests/core/fabric/sequences.test.ts",
      "tests/core/kit/**",
    ],
    env: { QPP_PROPERTY_RUNS: "25" },
    setupFiles: ["tests/core/mutation.setup.ts"],
    // The modules are read once for all files: nothing of one test is left to the next.
    isolate: false,
    sequence: { sequencer: QuickFirst },
    testTimeout: 60_000,
  },
});
