import { callback, contract, fn } from "@qpp/core";

/** What `qpp_srv` offers: the RFC's example of a plugin that serves others. */
export const qppSrv = contract("qpp_srv", {
  callbacks: {
    /** The guest has ended; `clean` means with exit code 0. */
    onExit: callback<[exitCode: number, clean: boolean]>(),
  },
  functions: {
    /** `x + 1`. */
    doAdd: fn<(x: number) => number>(),
    /** `x - 1`. */
    doSub: fn<(x: number) => number>(),
  },
});
