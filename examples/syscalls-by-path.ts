import { plugin } from "@qpp/core";
import { callstack } from "@qpp/plugins/callstack/contract";
import { symbols } from "@qpp/plugins/symbols/contract";
import { syscalls } from "@qpp/plugins/syscalls/contract";
import { map } from "rxjs";

/** Which chain of functions made which system calls, as folded stacks: what `flamegraph.pl` and speedscope open. */
export default plugin("syscalls_by_path", {
  requires: { syscalls, callstack, symbols },
  install({ syscalls, callstack, symbols, report, save, summary }) {
    const counts = new Map<string, number>();
    const nameOf = (address: number): string => symbols.lookup(address)?.name ?? `0x${address.toString(16)}`;
    syscalls.entered
      .pipe(
        map(([{ vcpu, name }]) => [name, ...callstack.stack(vcpu).map((frame) => nameOf(frame.function))]),
      )
      .pipe(map((path) => path.reverse().join(";")))
      .subscribe((path) => counts.set(path, (counts.get(path) ?? 0) + 1));

    const folded = (): string => [...counts].map(([path, count]) => `${path} ${count}`).join("\n");
    report(() => Object.fromEntries(counts));
    save("syscalls.folded", folded);
    summary(folded);
  },
});
