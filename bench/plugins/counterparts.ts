/** A tool that does what a plugin does. */
export interface Counterpart {
  /** `qemu` runs the same guest with a plugin of ours in C; `valgrind` runs the native build of the same source. */
  readonly engine: "qemu" | "valgrind";
  /** The plugin's source, from the workspace's folder; or valgrind's tool. */
  readonly name: string;
  /** More options of valgrind's. */
  readonly options?: readonly string[];
  /** So many times as fast as the counterpart the plugin should be. */
  readonly wanted: number;
}

const inC = (name: string, wanted = 1): Counterpart => ({ engine: "qemu", name, wanted });

/** By plugin: what it is compared with. Those that only tests need beside it lie with the tests. */
export const COUNTERPARTS: Readonly<Record<string, readonly Counterpart[]>> = {
  bb: [inC("bench/peers/block-inline.c")],
  bbv: [inC("tests/plugins/peers/bbv.c")],
  cache: [
    inC("tests/plugins/peers/cache.c", 5),
    {
      engine: "valgrind",
      name: "cachegrind",
      options: ["--cache-sim=yes", "--cachegrind-out-file=/dev/null"],
      wanted: 1,
    },
  ],
  cflow: [inC("tests/plugins/peers/cflow.c")],
  drcov: [inC("tests/plugins/peers/blocks.c")],
  execlog: [inC("tests/plugins/peers/execlog.c", 5)],
  hotblocks: [inC("bench/peers/hot-blocks.c")],
  hotpages: [inC("tests/plugins/peers/pages.c", 5)],
  howvec: [inC("tests/plugins/peers/opcodes.c", 5)],
  insn: [inC("bench/peers/insn-inline.c")],
  mem: [inC("bench/peers/mem-inline.c")],
  profile: [
    { engine: "valgrind", name: "callgrind", options: ["--callgrind-out-file=/dev/null"], wanted: 1 },
  ],
};
