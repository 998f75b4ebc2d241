import { callback, contract } from "@qpp/core";

/** What `syscalls_logger` offers to others. */
export const syscallsLogger = contract("syscalls_logger", {
  callbacks: {
    /** A line was printed. */
    onLine: callback<[line: string]>(),
  },
});
