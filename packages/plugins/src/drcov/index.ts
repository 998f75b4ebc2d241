import type { FileName } from "@qpp/core";
import { plugin } from "@qpp/core";
import * as v from "valibot";
import { takes } from "../arguments.js";
import { coverage } from "../coverage/contract.js";
import { drcov } from "./contract.js";

/** Writes the blocks that were executed as DynamoRIO's `drcov` does: QEMU's `drcov` plugin. */
export default plugin(drcov, {
  description: "Writes what was executed as a drcov file, for Lighthouse and DynamoRIO's tools",
  requires: { coverage },
  args: takes({
    filename: v.optional(
      v.pipe(
        v.string(),
        v.description("Where to write it, with or without --out; else file.drcov.trace in that folder"),
        v.nonEmpty("it must be the path of a file"),
      ),
    ),
  }),
  install({ coverage, args, report, save, summary }) {
    const name: FileName = args.filename === undefined ? "file.drcov.trace" : { path: args.filename };
    save(name, coverage.drcov);
    report(() => ({ blocks: coverage.blocks().length }));
    summary(() => `${coverage.blocks().length} blocks`);
  },
});
