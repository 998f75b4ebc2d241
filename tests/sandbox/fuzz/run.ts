import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFuzzer, fuzzCalls } from "./calls.js";
import { fuzzElf } from "./elf.js";

const [what, count = "", seed = "1"] = process.argv.slice(2);
const runs = Number(count);
const begin = Date.now();
const seconds = (): string => `${((Date.now() - begin) / 1000).toFixed(0)} s`;

if (!Number.isSafeInteger(runs) || runs <= 0 || (what !== "elf" && what !== "calls")) {
  console.error("usage: npm run fuzz -- elf|calls COUNT [SEED]");
  process.exitCode = 2;
} else if (what === "elf") {
  const image = readFileSync(new URL("../../../guests/bin/hello", import.meta.url));
  const { refused, ran } = fuzzElf(image, runs, Number(seed));
  console.log(
    `${runs} changed programs from seed ${seed}: ${refused} refused, ${ran} ran, none threw; ${seconds()}`,
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), "qpp-fuzz-"));
  try {
    compileFuzzer(join(folder, "calls"));
    const { calls, succeeded } = fuzzCalls(join(folder, "calls"), runs, Number(seed));
    console.log(
      `${calls} calls from seed ${seed}: ${succeeded.size} kinds succeeded at least once; ${seconds()}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
