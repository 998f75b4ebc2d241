import { cpSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./tools.mjs";

/** What Debian's alternatives would choose. */
const ALTERNATIVES = { awk: "gawk", cc: "gcc", "c++": "g++" };

/** Unpacks packages into a folder, runs none of their scripts, and makes what those would have made. */
export function unpack(archives, root) {
  const files = readdirSync(archives).filter((name) => name.endsWith(".deb"));
  // Links such as /bin come with the first of these; all others are unpacked through them.
  files.sort((a, b) => b.startsWith("base-files_") - a.startsWith("base-files_") || (a < b ? -1 : 1));
  for (const name of files) run("dpkg-deb", "-x", join(archives, name), root);
  for (const name of ["passwd", "group"])
    cpSync(join(root, `usr/share/base-passwd/${name}.master`), join(root, "etc", name));
  for (const [name, program] of Object.entries(ALTERNATIVES))
    symlinkSync(program, join(root, "usr/bin", name));
  writeFileSync(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
}
