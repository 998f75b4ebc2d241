import { plugin } from "@qpp/core";
import { callstack } from "@qpp/plugins/callstack/contract";
import { symbols } from "@qpp/plugins/symbols/contract";
import { table } from "@qpp/plugins/text";
import { filter } from "rxjs";

/** Who asks `malloc` for how much: the call sites that allocate most. */
export default plugin("allocations", {
  requires: { callstack, symbols },
  install({ callstack, symbols, report, summary }) {
    const sites = new Map<number, { calls: number; bytes: number }>();
    const known = new Map<number, boolean>();
    function isMalloc(address: number): boolean {
      const is = known.get(address) ?? symbols.find("malloc").some(({ start }) => start === address);
      known.set(address, is);
      return is;
    }
    callstack.onCall
      .pipe(filter(([, frame]) => isMalloc(frame.function)))
      .subscribe(([cpu, { callSite }]) => {
        const { calls, bytes } = sites.get(callSite) ?? { calls: 0, bytes: 0 };
        sites.set(callSite, { calls: calls + 1, bytes: bytes + cpu.registers.readNumber("a0") });
      });
    const top = () =>
      [...sites]
        .map(([site, count]) => ({ site: symbols.lookup(site), ...count }))
        .map(({ site, ...count }) => ({ site: site ? `${site.name}+${site.offset}` : "?", ...count }))
        .sort((a, b) => b.bytes - a.bytes)
        .slice(0, 5);
    report(top);
    summary(() =>
      table(
        ["site", "calls", "bytes"],
        top().map(({ site, calls, bytes }) => [site, calls, bytes]),
      ),
    );
  },
});
