import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { peer } from "../peers.js";
import { folderWith, qpp, root } from "./qpp.js";

const GCC = "riscv64-linux-gnu-gcc";
const SOURCE = fileURLToPath(new URL("../plugins/symbols/guests/png.c", import.meta.url));

it.skipIf(!peer(GCC))(`examples/png-header.ts tells who looks at a PNG header (needs ${GCC})`, () => {
  const folder = folderWith();
  execFileSync(GCC, ["-O1", "-static", "-o", join(folder, "png"), SOURCE]);
  writeFileSync(join(folder, "other"), "neither this");
  const run = (file: string) =>
    qpp([
      "run",
      "-q",
      "-p",
      join(root, "examples/png-header.ts"),
      "--allow-read",
      `${file}`,
      join(folder, "png"),
      file,
    ]);
  expect(run(join(root, "docs/report.png"))).toMatchObject({
    code: 0,
    stdout: "PNG\n",
    stderr: expect.stringMatching(/^a PNG header is loaded by is_png < main < __libc_start_call_main < /m),
  });
  expect(run(join(folder, "other"))).toMatchObject({ code: 0, stdout: "something else\n", stderr: "" });
});
