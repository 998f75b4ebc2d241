import { plugin } from "@qpp/core";
import { qppSrv } from "../qpp-srv/contract.js";
import { type Heard, qppClient } from "./contract.js";

/** The asking half of the RFC's pair. It knows the server's contract, and no implementation. */
export default plugin(qppClient, {
  description: "The QPP RFC's client: calls qpp_srv's functions, listens to its callback",
  requires: { srv: qppSrv },
  install({ srv, log, report }) {
    const added = srv.doAdd(1);
    const subtracted = srv.doSub(1);
    let exit: Heard["exit"] = null;
    log(`qpp_client: doAdd(1) is ${added}, doSub(1) is ${subtracted}`);
    srv.onExit.register((code, clean) => {
      exit = { code, clean };
      log(`qpp_client: the guest ended with ${code}, ${clean ? "cleanly" : "not cleanly"}`);
    });
    const heard = (): Heard => ({ added, subtracted, exit });
    report(heard);
    return { heard };
  },
});
