import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where an attack takes place: the guest works in `work`, may read `in` and `out` and write `out`, and is after `victim`. */
export interface Arena {
  readonly work: string;
  readonly files: {
    readonly cwd: string;
    readonly allowRead: readonly string[];
    readonly allowWrite: readonly string[];
  };
  /** All that is there but for what the guest may write, name by name. */
  outside(): readonly string[];
  /** What in all of it would run with somebody's rights. */
  privileged(): string;
  /** Puts a socket of the host into `in`; whoever made it is dead. */
  addSocket(): void;
  remove(): void;
}

/** Makes an arena of its own for one attack. */
export function createArena(): Arena {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "qpp-sandbox-")));
  const work = join(root, "work");
  for (const folder of ["victim", "work", "work/in", "work/out"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "victim/key"), "untouched");
  writeFileSync(join(root, "victim/program"), "#!/bin/sh\n", { mode: 0o755 });
  symlinkSync("victim", join(root, "link-to-victim"));
  writeFileSync(join(work, "in/a"), "data");
  symlinkSync("../../victim", join(work, "in/leak"));
  symlinkSync("../../victim/made", join(work, "in/dangling"));
  symlinkSync(join(root, "victim/key"), join(work, "in/absolute-leak"));
  execFileSync("mkfifo", [join(work, "in/fifo")]);
  return {
    work,
    files: { cwd: work, allowRead: [join(work, "in"), join(work, "out")], allowWrite: [join(work, "out")] },
    outside: () => listAll(root, "").sort(),
    privileged: () => execFileSync("find", [root, "-perm", "/6000"], { encoding: "utf8" }),
    addSocket() {
      const script =
        "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
      spawnSync(process.execPath, ["-e", script, join(work, "in/socket")]);
    },
    // A guest may make folders deeper than the longest path; Node's own way does not get there.
    remove: () => void execFileSync("rm", ["-rf", root]),
  };
}

function listAll(root: string, path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const name = path === "" ? entry.name : `${path}/${entry.name}`;
    if (name === "work/out") return [];
    if (entry.isDirectory()) return [`${name}/`, ...listAll(root, name)];
    if (entry.isSymbolicLink()) return [`${name} -> ${readlinkSync(join(root, name))}`];
    return [entry.isFile() ? `${name}: ${readFileSync(join(root, name), "utf8")}` : `${name}|`];
  });
}
