import { Errno } from "../../errno.js";
import type { Descriptors } from "../descriptors.js";
import type { Inode, Jump } from "../inode.js";
import { FileType, isReadable, isWritable, type OpenFile } from "../open-file.js";
import {
  fixedDirectory,
  type SyntheticSystem,
  syntheticDirectory,
  syntheticFile,
  syntheticLink,
} from "../synthetic/synthetic.js";
import { type Place, pathOf } from "../tree/place.js";
import { readInitialStrings } from "./initial-strings.js";
import type { LiveFacts, ProcessFacts, ThreadFacts } from "./process-facts.js";
import { limitsText, mapsText, statmText, statText, statusText } from "./process-text.js";

/** What the files of one process are made from. */
export interface ProcessSource {
  readonly system: SyntheticSystem;
  /** What is known of the process now; undefined once it is gone. */
  facts(): ProcessFacts | undefined;
  readonly pid: number;
  /** /proc/mounts, which all processes share. */
  mounts(): string;
  mountInfo(): string;
  readonly root: () => Place;
}

const READABLE = 0o444;
const PRIVATE = 0o400;
const LINK_MODE = 0o777;
/** Inode numbers of a process and its threads: so many for each id. */
const PER_ID = 0x1_0000n;
const FIRST_DESCRIPTOR = 0x1000n;

/** The directory /proc/pid. */
export function processDirectory(source: ProcessSource): Inode {
  const first = (facts: ProcessFacts): ThreadFacts | undefined => facts.threads[0];
  const time = (facts: ProcessFacts): number => facts.time;
  return taskDirectory(source, source.pid, first, time, (looks) => ({
    task: syntheticDirectory(source.system, looks, {
      lookup(name) {
        const thread = source.facts()?.threads.find(({ tid }) => String(tid) === name);
        if (!thread) return undefined;
        const { tid } = thread;
        const find = (facts: ProcessFacts): ThreadFacts | undefined =>
          facts.threads.find((other) => other.tid === tid);
        const own = (_facts: ProcessFacts, thread: ThreadFacts): number => thread.time;
        return taskDirectory({ ...source, pid: tid }, tid, find, own, () => ({}));
      },
      list: () =>
        (source.facts()?.threads ?? []).map(({ tid }) => ({
          name: String(tid),
          inode: BigInt(tid) * PER_ID,
          type: FileType.DIRECTORY,
        })),
    }),
  }));
}

type Looks = Parameters<typeof syntheticDirectory>[1];

/** What /proc/pid and /proc/pid/task/tid have in common. */
function taskDirectory(
  source: ProcessSource,
  id: number,
  find: (facts: ProcessFacts) => ThreadFacts | undefined,
  time: (facts: ProcessFacts, thread: ThreadFacts) => number,
  more: (looks: Looks) => Readonly<Record<string, Inode>>,
): Inode {
  const { system } = source;
  const { uid = 0, gid = 0 } = source.facts() ?? {};
  let last = BigInt(id) * PER_ID;
  const looks = (mode: number): Looks => {
    last += 1n;
    return { mode, inode: last, uid, gid };
  };
  const text = (
    mode: number,
    make: (facts: ProcessFacts, thread: ThreadFacts) => string | Uint8Array,
  ): Inode =>
    syntheticFile(system, looks(mode), () => {
      const facts = source.facts();
      const thread = facts && find(facts);
      return facts && thread ? make(facts, thread) : "";
    });
  const live = (make: (live: LiveFacts) => string | Uint8Array) => (facts: ProcessFacts) =>
    facts.live ? make(facts.live) : "";
  const strings = ({ memory, initialStack }: LiveFacts) => readInitialStrings(memory, initialStack);
  const placeLink = (place: (live: LiveFacts) => Place): Inode => {
    const found = (): Place | number => {
      const facts = source.facts()?.live;
      return facts ? place(facts) : -Errno.ENOENT;
    };
    return syntheticLink(
      system,
      looks(LINK_MODE),
      () => {
        const at = found();
        return typeof at === "number" ? at : pathOf(at);
      },
      () => {
        const at = found();
        return typeof at === "number" ? at : { kind: "place", place: at };
      },
    );
  };
  const descriptors = (): Descriptors | undefined => source.facts()?.live?.descriptors;
  return fixedDirectory(
    system,
    { mode: 0o555, inode: BigInt(id) * PER_ID, uid, gid },
    {
      auxv: text(
        PRIVATE,
        live((facts) => strings(facts).auxv),
      ),
      cgroup: text(READABLE, () => "0::/\n"),
      cmdline: text(
        READABLE,
        live((facts) => strings(facts).args),
      ),
      comm: text(READABLE, (_facts, thread) => `${thread.name}\n`),
      cwd: placeLink((facts) => facts.cwd),
      environ: text(
        PRIVATE,
        live((facts) => strings(facts).env),
      ),
      exe: syntheticLink(system, looks(LINK_MODE), () => source.facts()?.live?.executable ?? -Errno.ENOENT),
      fd: descriptorLinks(source, descriptors, looks(0o500)),
      fdinfo: descriptorFacts(source, descriptors, looks(0o555)),
      limits: text(READABLE, limitsText),
      loginuid: text(READABLE, () => "4294967295"),
      maps: text(
        READABLE,
        live(({ memory }) => mapsText(memory.mappings)),
      ),
      mountinfo: text(READABLE, source.mountInfo),
      mounts: text(READABLE, source.mounts),
      oom_score_adj: text(READABLE, () => "0\n"),
      root: placeLink(source.root),
      stat: text(READABLE, (facts, thread) => statText(facts, thread, time(facts, thread))),
      statm: text(READABLE, (facts) => statmText(facts.live)),
      status: text(READABLE, statusText),
      ...more(looks(0o555)),
    },
  );
}

/** /proc/pid/fd: links that lead to the open files themselves, whatever has become of their names. */
function descriptorLinks(
  source: ProcessSource,
  descriptors: () => Descriptors | undefined,
  looks: Looks,
): Inode {
  const fileOf = (name: string): OpenFile | undefined =>
    /^(0|[1-9]\d*)$/.test(name) ? descriptors()?.get(Number(name)) : undefined;
  const inodeOf = (fd: number): bigint => looks.inode + FIRST_DESCRIPTOR + BigInt(fd);
  return syntheticDirectory(source.system, looks, {
    lookup(name) {
      const file = fileOf(name);
      if (!file) return undefined;
      const mode = (isReadable(file.flags) ? 0o500 : 0) | (isWritable(file.flags) ? 0o300 : 0);
      const jump = (): Jump | number => {
        const now = fileOf(name);
        if (!now) return -Errno.ENOENT;
        return now.isDirectory && now.place
          ? { kind: "place", place: now.place }
          : { kind: "file", file: now };
      };
      return syntheticLink(
        source.system,
        { ...looks, mode, inode: inodeOf(Number(name)) },
        () => nameOf(fileOf(name)),
        jump,
      );
    },
    list: () =>
      (descriptors()?.numbers() ?? []).map((fd) => ({
        name: String(fd),
        inode: inodeOf(fd),
        type: FileType.LINK,
      })),
  });
}

function nameOf(file: OpenFile | undefined): string | number {
  if (!file) return -Errno.ENOENT;
  const gone = file.place !== undefined && file.status().links === 0;
  return gone ? `${file.path} (deleted)` : file.path;
}

function descriptorFacts(
  source: ProcessSource,
  descriptors: () => Descriptors | undefined,
  looks: Looks,
): Inode {
  const { system } = source;
  return syntheticDirectory(system, looks, {
    lookup(name) {
      const file = /^(0|[1-9]\d*)$/.test(name) ? descriptors()?.get(Number(name)) : undefined;
      if (!file) return undefined;
      const inode = looks.inode + FIRST_DESCRIPTOR + BigInt(name);
      return syntheticFile(system, { ...looks, mode: PRIVATE, inode }, () => {
        const position = Math.max(0, file.seek(0, 1));
        const flags = file.flags.toString(8).padStart(7, "0");
        return `pos:\t${position}\nflags:\t${flags}\nmnt_id:\t${file.place?.mount.id ?? 0}\n`;
      });
    },
    list: () =>
      (descriptors()?.numbers() ?? []).map((fd) => ({
        name: String(fd),
        inode: looks.inode + FIRST_DESCRIPTOR + BigInt(fd),
        type: FileType.REGULAR,
      })),
  });
}
