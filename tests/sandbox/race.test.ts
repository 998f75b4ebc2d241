import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { createArena } from "./arena.js";
import { machineFor } from "./attack.js";
import { COMPILER, compileAttacks } from "./attacks.js";

/** Turns `in/flip` from a folder into a link to the victim and back, as fast as it can. */
const FLIP = `
const fs = require("fs");
process.chdir(process.argv[1]);
fs.mkdirSync("folder"); fs.writeFileSync("folder/key", "given");
fs.symlinkSync("../../victim", "link");
for (;;) {
  try { fs.renameSync("folder", "flip"); fs.renameSync("flip", "folder"); } catch {}
  try { fs.renameSync("link", "flip"); fs.renameSync("flip", "link"); } catch {}
}`;

/** Milliseconds in which the guest goes on trying. */
const TIME = 3000;

describe.skipIf(!peer(COMPILER))(`races (needs ${COMPILER})`, () => {
  test("a folder that another process turns into a link while the guest looks never leads it out", async () => {
    const folder = mkdtempSync(join(tmpdir(), "qpp-race-"));
    const arena = createArena();
    let flipper: ChildProcess | undefined;
    try {
      compileAttacks(join(folder, "attacks"));
      flipper = spawn(process.execPath, ["-e", FLIP, join(arena.work, "in")], { stdio: "ignore" });
      await sleep(300);
      const { machine, told } = machineFor(join(folder, "attacks"), "race_for_a_link", arena, {
        maxInsns: undefined,
      });
      const end = Date.now() + TIME;
      while (machine.runSlice(100_000) === undefined && Date.now() < end) await sleep(0);
      expect(told()).not.toContain("untouched");
      expect(told()).toContain("given");
    } finally {
      flipper?.kill("SIGKILL");
      await sleep(50);
      arena.remove();
      rmSync(folder, { recursive: true });
    }
  }, 30_000);
});
