import { type FileName, type OutputFile, plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { takes, wholeNumber } from "../arguments.js";
import { type BlockWeight, bbv } from "./contract.js";
import { createVectors } from "./vectors.js";

/** Writes basic block vectors for SimPoint: QEMU's `bbv` plugin. */
export default plugin(bbv, {
  description: "Writes basic block vectors, from which SimPoint chooses what to simulate",
  requires: { machine },
  args: takes({
    interval: wholeNumber("Instructions of an interval", {
      least: 1,
      most: Number.MAX_SAFE_INTEGER,
      initial: 100_000_000,
    }),
    outfile: v.optional(
      v.pipe(
        v.string(),
        v.description("Where to write, with or without --out: OUTFILE.0.bb for vCPU 0, and so on"),
        v.nonEmpty("it must be the path of a file"),
      ),
    ),
  }),
  install({ machine, args, callbacks, open, report, summary }) {
    const files = new Map<number, OutputFile | undefined>();
    function fileOf(vcpu: number): OutputFile | undefined {
      if (!files.has(vcpu)) {
        const name: FileName =
          args.outfile === undefined ? `bbv.${vcpu}.bb` : { path: `${args.outfile}.${vcpu}.bb` };
        files.set(vcpu, open(name));
      }
      return files.get(vcpu);
    }
    const vectors = createVectors(
      args.interval,
      () => machine.process().pid,
      (vcpu, vector) => {
        fileOf(vcpu)?.write(lineOf(vector));
        callbacks.onInterval.run(vcpu, vector);
      },
    );
    machine.vcpus.initialized.register(({ index }) => void fileOf(index));
    machine.traces.batch({ block: vectors.tagOf }, vectors.take);

    report(() => ({
      interval: args.interval,
      blocks: vectors.blocks.length,
      intervals: vectors.intervals(),
    }));
    summary(() =>
      [
        `${vectors.blocks.length} blocks, intervals of ${args.interval} instructions`,
        ...vectors.intervals().map((ended, vcpu) => `vCPU ${vcpu}: ${ended} intervals`),
      ].join("\n"),
    );
    return { blocks: () => vectors.blocks };
  },
});

/** A line of a frequency vector file (SimPoint 3.2, "Frequency Vector File Format"). */
const lineOf = (vector: readonly BlockWeight[]): string =>
  `T${vector.map(({ block, insns }) => `:${block}:${insns} `).join("")}\n`;
