import { readFileSync } from "node:fs";
import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { list, takes } from "@qpp/plugins/arguments";
import { symbols } from "@qpp/plugins/symbols/contract";

/** Where a run leaves the path of an earlier one: record that with `--out a`, then run with `against=a/blocks.u32`. */
export default plugin("divergence", {
  requires: { machine, symbols },
  args: takes({ against: list("What the earlier run recorded") }),
  install({ machine, symbols, args, open, report, summary }) {
    const [path] = args.against;
    const expected =
      path === undefined ? undefined : new Uint32Array(Uint8Array.from(readFileSync(path)).buffer);
    const out = open("blocks.u32");
    let [blocks, first] = [0, -1];
    let last: [expected: number, found: number] | undefined;
    machine.traces.batch({ block: ({ pc }) => pc }, ({ length, tag }) => {
      out?.write(new Uint8Array(tag.buffer, tag.byteOffset, 4 * length));
      for (let i = 0; expected && first < 0 && i < length; i++) {
        if (tag[i] === expected[blocks + i]) continue;
        first = blocks + i;
        last = [expected[first] ?? 0, tag[i] ?? 0];
      }
      blocks += length;
    });
    const where = (pc: number): string => {
      const at = symbols.lookup(pc);
      return `0x${pc.toString(16)} ${at ? `<${at.name}+${at.offset}>` : ""}`;
    };
    report(() => ({ blocks, first: first < 0 ? null : first, pcs: last ?? null }));
    summary(() =>
      last
        ? `block ${first}: ${where(last[0])} before, ${where(last[1])} now`
        : `${blocks} blocks${expected ? ", all the same" : ""}`,
    );
  },
});
