import type { Extensions } from "../../../isa/riscv/extensions.js";
import type { Clock } from "../../clock.js";
import type { Random } from "../../random.js";
import type { Entry, Inode } from "../inode.js";
import { FileType } from "../open-file.js";
import {
  entryOf,
  fixedDirectory,
  type SyntheticSystem,
  syntheticDirectory,
  syntheticFile,
  syntheticLink,
} from "../synthetic/synthetic.js";
import type { Tree } from "../tree/tree.js";
import { processDirectory } from "./process-directory.js";
import type { ProcessList } from "./process-facts.js";
import {
  cpuText,
  FILE_SYSTEMS,
  machineText,
  memoryText,
  mountInfoText,
  mountsText,
  uptimeText,
  VERSION,
} from "./system-text.js";

/** What /proc is made from. */
export interface ProcWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: ProcessList;
  /** Most bytes that a process may map. */
  readonly memoryLimit: number;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  readonly tree: () => Tree;
}

/** Far from the host's, see `sandbox.ts`. */
const DEVICE = 0xf_ff04;
/** PROC_SUPER_MAGIC (statfs(2)). */
const MAGIC = 0x9fa0;
const READABLE = 0o444;
const LINK_MODE = 0o777;
/** Inode numbers below those of processes (see `process-directory.ts`). */
const FIRST_INODE = 2n;
/** The largest pid, and the most descriptors, that Linux gives unless told otherwise. */
const PID_MAX = 4_194_304;
const NR_OPEN = 1_048_576;

/** The directory /proc (proc(5)): what programs read, and nothing by which they could change anything. */
export function procDirectory(world: ProcWorld): Inode {
  const { clock, processes } = world;
  const system: SyntheticSystem = {
    device: DEVICE,
    magic: MAGIC,
    born: { seconds: clock.startSeconds, nanoseconds: 0 },
  };
  let last = FIRST_INODE;
  const looks = (mode: number) => {
    last += 1n;
    return { mode, inode: last };
  };
  const text = (contents: () => string): Inode => syntheticFile(system, looks(READABLE), contents);
  const same = (contents: string): Inode => text(() => contents);
  const folder = (files: Readonly<Record<string, Inode>>): Inode =>
    fixedDirectory(system, looks(0o555), files);
  const now = (): number => clock.nanoseconds();
  let bootId: string | undefined;
  const mounts = (): string => mountsText(world.tree());

  const general = new Map<string, Inode>(
    Object.entries({
      cmdline: same("\n"),
      cpuinfo: same(cpuText(world.extensions)),
      devices: same("Character devices:\n  1 mem\n  5 /dev/tty\n\nBlock devices:\n"),
      filesystems: same(FILE_SYSTEMS),
      loadavg: text(() => `0.00 0.00 0.00 1/${processes.pids().length} ${processes.pids().at(-1) ?? 0}\n`),
      meminfo: text(() => memoryText(world.memoryLimit)),
      mounts: syntheticLink(system, looks(LINK_MODE), () => "self/mounts"),
      self: syntheticLink(system, looks(LINK_MODE), ({ pid }) => String(pid)),
      stat: text(() => machineText(now(), clock.startSeconds, processes.pids().length)),
      swaps: same("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
      sys: folder({
        fs: folder({
          "file-max": same("9223372036854775807\n"),
          nr_open: same(`${NR_OPEN}\n`),
          "pipe-max-size": same("1048576\n"),
        }),
        kernel: folder({
          cap_last_cap: same("40\n"),
          hostname: same("qpp\n"),
          ngroups_max: same("65536\n"),
          osrelease: same("6.12.0\n"),
          ostype: same("Linux\n"),
          overflowgid: same("65534\n"),
          overflowuid: same("65534\n"),
          pid_max: same(`${PID_MAX}\n`),
          random: folder({
            boot_id: text(() => {
              bootId ??= uuid(world.random);
              return `${bootId}\n`;
            }),
            entropy_avail: same("256\n"),
            uuid: text(() => `${uuid(world.random)}\n`),
          }),
          "threads-max": same("65536\n"),
          version: same("#1 SMP\n"),
        }),
        vm: folder({
          max_map_count: same("65530\n"),
          mmap_min_addr: same("65536\n"),
          overcommit_memory: same("0\n"),
        }),
      }),
      "thread-self": syntheticLink(system, looks(LINK_MODE), ({ pid, tid }) => `${pid}/task/${tid}`),
      uptime: text(() => uptimeText(now())),
      version: same(VERSION),
    }),
  );

  return syntheticDirectory(
    system,
    { mode: 0o555, inode: 1n },
    {
      lookup(name) {
        const known = general.get(name);
        if (known) return known;
        if (!/^[1-9]\d{0,9}$/.test(name)) return undefined;
        const pid = Number(name);
        if (!processes.get(pid)) return undefined;
        return processDirectory({
          system,
          pid,
          facts: () => processes.get(pid),
          mounts,
          mountInfo: () => mountInfoText(world.tree()),
          root: () => world.tree().root,
        });
      },
      list: (): Entry[] => [
        ...[...general].map(([name, file]) => entryOf(name, file)),
        ...processes.pids().map((pid) => ({
          name: String(pid),
          inode: BigInt(pid) * 0x1_0000n,
          type: FileType.DIRECTORY,
        })),
      ],
    },
  );
}

/** A random UUID (RFC 9562, version 4). */
function uuid(random: Random): string {
  const bytes = new Uint8Array(16);
  random.fill(bytes);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    "-",
  );
}
