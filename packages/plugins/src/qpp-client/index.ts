import { plugin } from "@qpp/core";
import { qppSrv } from "../qpp-srv/contract.js";

/** The asking half of the RFC's pair. It knows the server's contract, and no implementation. */
export default plugin("qpp_client", {
  description: "The QPP RFC's client: calls qpp_srv's functions, listens to its callback",
  requires: { srv: qppSrv },
  install({ srv, log, report }) {
    const added = srv.doAdd(1);
    const subtracted = srv.doSub(1);
    let exit: { code: number; clean: boolean } | null = null;
    log(`qpp_client: doAdd(1) is ${added}, doSub(1) is ${subtracted}`);
    srv.onExit.register((code, clean) => {
      exit = { code, clean };
      log(`qpp_client: the guest ended with ${code}, ${clean ? "cleanly" : "not cleanly"}`);
    });
    report(() => ({ added, subtracted, exit }));
  },
});
