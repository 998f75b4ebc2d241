import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../e2e/qpp.js";

test("Debian's root is left out, with the reason, where no mirror answers", () => {
  const folder = mkdtempSync(join(tmpdir(), "qpp-cache-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const nobody = "http://127.0.0.1:1";
  const env = { ...process.env, QPP_CACHE: folder, http_proxy: nobody, https_proxy: nobody };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/debian-root.mjs")], {
    env,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 75, stderr: "" });
  expect(stdout).toMatch(/^skipped: not reachable: /);
  expect(readdirSync(join(folder, "debian-riscv64"))).not.toContain("root");
});
