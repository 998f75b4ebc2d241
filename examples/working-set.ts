import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

const PAGES = 2 ** 20;
const WINDOW = 1_000_000;

/** How many pages each million instructions touches: the curve tells phases, and how large a TLB or a cache would have to be. */
export default plugin("working_set", {
  requires: { machine },
  install({ machine, report, summary }) {
    const curve: number[] = [];
    const lastWindow = new Uint32Array(PAGES);
    let [window, insns, pages] = [1, 0, 0];
    machine.traces.batch(
      { block: ({ instructions }) => instructions.length, access: () => 0 },
      ({ length, tag, address }) => {
        for (let i = 0; i < length; i++) {
          insns += tag[i] ?? 0;
          if (insns >= window * WINDOW) {
            curve.push(pages);
            [window, pages] = [window + 1, 0];
          }
          const page = (address[i] ?? 0) >>> 12;
          if (tag[i] !== 0 || lastWindow[page] === window) continue;
          lastWindow[page] = window;
          pages++;
        }
      },
    );
    report(() => [...curve, pages]);
    summary(() => [...curve, pages].map((n) => `${"#".repeat(Math.ceil(n / 8))} ${n}`).join("\n"));
  },
});
