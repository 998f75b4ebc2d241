import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command } from "../e2e/qpp.js";
import { peer } from "../peers.js";
import { createArena } from "./arena.js";
import { COMPILER, compileAttacks } from "./attacks.js";

/** What the host's environment has and no guest may find; as in attacks/host.c, where it is not spelled out. */
const SECRET = "qpp-secret-71";

describe.skipIf(!peer(COMPILER))(`attacks on the built command (needs ${COMPILER})`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "qpp-attacks-"));
    compileAttacks(join(folder, "attacks"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["environment", 0, "0 no"],
    ["environment_of_the_host_in_memory", 0, "no"],
    ["command_line_of_the_host", 0, "processes_of"],
    ["stack_of_nothing", 139, ""],
    ["core_dump", 134, ""],
    ["memory_touched_until_full", 0, "ENOMEM"],
    ["output_until_full", 0, ""],
    ["threads_without_end", 0, "EAGAIN"],
    ["deep_recursion", 139, ""],
    ["network", 0, "EACCES EACCES EAFNOSUPPORT EAFNOSUPPORT EACCES"],
  ])("%s ends with code %i", (attack, code, told) => {
    const arena = createArena();
    try {
      const before = arena.outside();
      const [read, write] = [arena.files.allowRead.join(","), arena.files.allowWrite.join(",")];
      const limits = ["--max-insns=60000000", "--max-memory=268435456", "--max-output=16777216"];
      const { status, stdout } = spawnSync(
        process.execPath,
        [
          command,
          "run",
          `--allow-read=${read}`,
          `--allow-write=${write}`,
          ...limits,
          join(folder, "attacks"),
          attack,
        ],
        { cwd: arena.work, encoding: "utf8", timeout: 50_000, env: { ...process.env, QPP_SECRET: SECRET } },
      );
      expect([status, stdout.trim()]).toEqual([code, told]);
      expect(arena.outside()).toEqual(before);
    } finally {
      arena.remove();
    }
  });
});
