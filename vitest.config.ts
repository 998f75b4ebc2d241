import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@qpp/source"] },
  ssr: { resolve: { conditions: ["@qpp/source"] } },
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // `npm run coverage`: the fabric, by its own tests; it fails for a single line or branch that they do not reach.
    coverage: {
      thresholds: { 100: true },
      include: ["packages/core/src/**/*.ts"],
      reportsDirectory: "coverage",
      reporter: ["text", "html"],
    },
  },
});
