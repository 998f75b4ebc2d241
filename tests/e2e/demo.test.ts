import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./qpp.js";

it("npm run demo shows the system calls, progress, the guest's output and the tables", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/demo.mjs")], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toContain("$ npx qpp run --progress");
  expect(stdout).toContain("numbers:    1156, sum 195078.88345211139 4107d037114f5730\n");
  expect(stderr).toMatch(
    /^Syscall at pc [0-9a-f]+: number 56 \(openat\): Process 'json', pid \d+, ppid \d+$/m,
  );
  expect(stderr).toMatch(/^\d+ million instructions, \d+\.\d s, \d+ million\/s$/m);
  expect(stderr).toMatch(
    /^hotblocks\n {2}collected \d+ entries\n {2}pc +tcount +icount +ecount +symbol\n {2}0x/m,
  );
  expect(stderr).toContain('\nopened\n  "guests/data/stations.json": descriptor 3\n');
  expect(stderr).toMatch(/the guest ended with exit code 0; 282\d{6} instructions in /);
});
