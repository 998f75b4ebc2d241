import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Failure } from "../../packages/cli/src/failure.js";
import { guestFiles } from "../../packages/cli/src/guest-files.js";
import type { GuestOptions } from "../../packages/cli/src/options.js";

const options: GuestOptions = {
  plugin: [],
  allowRead: [],
  allowWrite: [],
  tmpfs: [],
  allowNet: false,
  env: {},
  seed: 0,
  clock: "virtual",
  random: "seed",
};
let top: string;
let root: string;

beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "qpp-guest-files-")));
  root = join(top, "root");
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  writeFileSync(join(root, "usr/bin/tool"), "inside");
  writeFileSync(join(top, "tool"), "outside");
  symlinkSync("usr/bin", join(root, "bin"));
  symlinkSync("/usr/bin/tool", join(root, "usr/bin/absolute"));
  symlinkSync("/etc/passwd", join(root, "usr/bin/escapes"));
  symlinkSync(root, join(top, "link-to-root"));
});

afterAll(() => rmSync(top, { recursive: true }));

const found = (
  path: string,
  withRoot = root,
): { path: string; text: string; program: string | undefined } => {
  const { path: guest, image, files } = guestFiles(path, { ...options, root: withRoot });
  return { path: guest, text: Buffer.from(image).toString(), program: files.program };
};

test("a program in the root has the guest's path, and its links are the guest's", () => {
  expect(found(join(root, "usr/bin/tool"))).toEqual({
    path: "/usr/bin/tool",
    text: "inside",
    program: undefined,
  });
  expect(found(join(root, "bin/tool")).path).toBe("/bin/tool");
  expect(found(join(root, "bin/absolute"))).toMatchObject({ path: "/bin/absolute", text: "inside" });
  expect(found(join(top, "link-to-root/bin/tool"))).toMatchObject({ path: "/usr/bin/tool", text: "inside" });
  expect(found(join(root, "bin/tool"), join(top, "link-to-root")).text).toBe("inside");
});

test("a program outside of the root runs as well", () => {
  const program = join(top, "tool");
  expect(found(program)).toEqual({ path: program, text: "outside", program });
});

test("what cannot be run is told", () => {
  expect(() => found(join(root, "bin/escapes"))).toThrow(
    new Failure(`${root}/bin/escapes: no such file or directory`),
  );
  expect(() => found(join(root, "bin/none"))).toThrow(/no such file or directory$/);
  expect(() => found(join(root, "usr"))).toThrow(/it is a directory$/);
  expect(() => found(join(top, "tool"), join(top, "nothing"))).toThrow(
    new Failure(`--root ${top}/nothing: there is no such folder`),
  );
});
