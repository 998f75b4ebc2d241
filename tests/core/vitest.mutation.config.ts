import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string =>
  fileURLToPath(new URL(`../../packages/core/src/${path}`, import.meta.url));

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
      "tests/core/kit/**",
    ],
    testTimeout: 60_000,
  },
});
