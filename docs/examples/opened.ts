import { plugin } from "@qpp/core";
import { syscalls } from "@qpp/plugins/syscalls/contract";
import { filter, map } from "rxjs";

/** Which files the guest opens or tries to open, and what comes of it. */
export default plugin("opened", {
  requires: { syscalls },
  install({ syscalls, report, summary }) {
    const opened: string[] = [];
    syscalls.returned
      .pipe(filter(([call]) => call.name === "openat"))
      .pipe(map(([call, result, error]) => `${call.args[1]?.text}: ${error ?? `descriptor ${result}`}`))
      .subscribe((line) => opened.push(line));
    report(() => opened);
    summary(() => opened.join("\n"));
  },
});
