import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { qppSrv } from "./contract.js";

/** The serving half of the RFC's pair: two functions, and a callback at the end of the guest. */
export default plugin(qppSrv, {
  description: "The QPP RFC's server: functions doAdd and doSub, callback onExit",
  requires: { machine },
  install({ machine, callbacks, report }) {
    let calls = 0;
    machine.exited.register((code) => callbacks.onExit.run(code, code === 0));
    report(() => ({ calls }));
    return {
      doAdd(x) {
        calls++;
        return x + 1;
      },
      doSub(x) {
        calls++;
        return x - 1;
      },
    };
  },
});
