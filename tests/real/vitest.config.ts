import { defineConfig } from "vitest/config";

/** All command lines (`npm run real`), or some of them (`npm run real -- -t python`). */
export default defineConfig({
  resolve: { conditions: ["@qpp/source"] },
  ssr: { resolve: { conditions: ["@qpp/source"] } },
  test: { include: ["tests/real/all.real.ts"], pool: "forks", maxWorkers: 2 },
});
