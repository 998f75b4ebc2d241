import { plugin } from "@qpp/core";
import { callstack } from "@qpp/plugins/callstack/contract";
import { stringsearch } from "@qpp/plugins/stringsearch/contract";
import { symbols } from "@qpp/plugins/symbols/contract";

/** Who looks at the header of a PNG file: the client that the QPP patches for QEMU come with. */
export default plugin("png_header", {
  requires: { stringsearch, callstack, symbols },
  install({ stringsearch, callstack, symbols, log }) {
    stringsearch.search(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a));
    stringsearch.onMatch.register((cpu, { isStore }) => {
      const path = callstack.stack(cpu.index).map((frame) => symbols.lookup(frame.function)?.name ?? "?");
      log(`a PNG header is ${isStore ? "stored" : "loaded"} by ${path.join(" < ")}`);
    });
  },
});
