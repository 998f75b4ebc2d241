import { plugin } from "@qpp/core";
import { syscalls } from "@qpp/plugins/syscalls/contract";
import { filter, map } from "rxjs";

/** Which files the guest opens or tries to open, and what comes of it. */
export default plugin("files", {
  requires: { syscalls },
  install({ syscalls, report, summary }) {
    const files: string[] = [];
    syscalls.returned
      .pipe(filter(([call]) => call.name === "openat"))
      .pipe(map(([call, result, error]) => `${call.args[1]?.text}: ${error ?? `descriptor ${result}`}`))
      .subscribe((line) => files.push(line));
    report(() => files);
    summary(() => files.join("\n"));
  },
});
