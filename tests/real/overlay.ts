import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { rootFolder } from "../../scripts/debian-root/place.mjs";
import { command } from "../e2e/qpp.js";
import { peer } from "../peers.js";

/** What a process left behind. */
export interface Left {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Mounts Debian's root with an empty layer above it, in a mount namespace of its own, so that whatever is done there is gone
 * with the process. Both sides start from the same: /w is an empty folder, and the host's libraries, which qemu-riscv64 is linked
 * with, lie where it looks for them. Guests are user 1000, as here.
 */
const MOUNT = `
set -eu
top=$1 root=$2; shift 2
mount -t tmpfs none "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$top/upper,workdir=$top/work" "$top/root"
cd "$top/root"
mkdir -p w lib64 "usr/lib/$(uname -m)-linux-gnu"
`;

/**
 * For what a guest executes there in turn, qemu-riscv64 is named as the interpreter of riscv64 files, for as long as this mount
 * namespace lives. It is opened now ("F"), as the root has none, and learns the name that a program was called by ("P").
 * See Documentation/admin-guide/binfmt-misc.rst in Linux.
 */
const UNDER_QEMU = String.raw`
misc=/proc/sys/fs/binfmt_misc
mount -t binfmt_misc none $misc
[ -e $misc/qpp-riscv64 ] || printf '%s' ':qpp-riscv64:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xf3\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$(command -v qemu-riscv64)"':PF' > $misc/register 2> /dev/null || [ -e $misc/qpp-riscv64 ]
mount --bind /lib64 lib64
mount --bind "/usr/lib/$(uname -m)-linux-gnu" "usr/lib/$(uname -m)-linux-gnu"
mount -t proc proc proc
mount -t tmpfs none dev
for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
ln -s /proc/self/fd dev/fd
mkdir -m 1777 dev/shm
mount -t tmpfs -o mode=1777 none tmp
chown 1000:1000 w
exec chroot --userspec=1000:1000 --groups= . /usr/bin/env -i "$@"
`;

const UNDER_OURS = 'exec "$@"';

/** The environment that programs get, on both sides. */
const ENVIRONMENT: readonly string[] = ["HOME=/w", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"];

/** Runs a program of the root under qemu-riscv64, which also runs what it executes. */
export function underQemu(argv: readonly string[], input: string): Left {
  return inOverlay(UNDER_QEMU, [...ENVIRONMENT, ...argv], input);
}

/** Runs a program of the root here, by the built command. */
export function here(argv: readonly string[], input: string): Left {
  const [program = "", ...args] = argv;
  const env = ENVIRONMENT.flatMap((variable) => ["--env", variable]);
  const options = ["run", "--quiet", "--root", ".", "--allow-write", "w:/w", ...env, `.${program}`, ...args];
  const left = inOverlay(UNDER_OURS, [process.execPath, command, ...options], input);
  return { ...left, stderr: withoutReports(left.stderr) };
}

/** What the guest wrote, without what the command told about it: lines that say so, and registers below them. */
function withoutReports(stderr: string): string {
  return stderr.replace(/^(qpp: .*| +(\S+ +[0-9a-f]{16} *)+)\n/gm, "");
}

function inOverlay(script: string, args: readonly string[], input: string): Left {
  const top = mkdtempSync(join(tmpdir(), "qpp-real-"));
  try {
    const command = ["--mount", "sh", "-c", MOUNT + script, "sh", top, rootFolder(), ...args];
    const { status, signal, stdout, stderr } = spawnSync("unshare", command, {
      input,
      encoding: "utf8",
      timeout: 120_000,
      maxBuffer: 1 << 26,
    });
    // As shells, and the command itself, tell of a signal.
    return { code: status ?? 128 + (signal ? constants.signals[signal] : 0), stdout, stderr };
  } finally {
    rmdirSync(top);
  }
}

/** Why real programs cannot be compared here; undefined if they can. */
export function missing(): string | undefined {
  if (!peer("qemu-riscv64")) return "needs qemu-riscv64";
  if (!existsSync(rootFolder())) return "needs Debian's root: npm run debian-root";
  const { code, stdout } = underQemu(["/usr/bin/busybox", "echo", "here"], "");
  return code === 0 && stdout === "here\n" ? undefined : "needs the right to mount and chroot";
}
