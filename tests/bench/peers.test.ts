import { beforeAll, describe, expect, test } from "vitest";
import { ANALYSES, analyseHere, analyseThere } from "../../bench/machine/analyses.js";
import { buildPeer, buildPlugins } from "../../bench/machine/build.js";
import { differences } from "../../bench/machine/differences.js";
import { peer } from "../peers.js";

const [needsQemu, needsGcc] = ["qemu-riscv64", "gcc"];

describe.skipIf(!peer(needsQemu) || !peer(needsGcc))(
  `plugins of QPP and of QEMU find the same (needs ${needsQemu} and ${needsGcc})`,
  () => {
    beforeAll(buildPlugins);

    // Guests without libc: nothing in them depends on what the two sides put on the stack.
    test.each(
      ANALYSES.flatMap((analysis) =>
        [["count-loop", "one", "two"], ["count-calls"]].map(([program = "", ...args]) => ({
          ...analysis,
          program,
          args,
        })),
      ),
    )("$name: $program", ({ plugin, peer, program, args }) => {
      const here = analyseHere(process.execPath, plugin, program, args).found;
      const there = analyseThere(buildPeer(peer), program, args).found;
      expect(differences(here, there)).toEqual([]);
    });
  },
);
