import { callback, contract, createContainer, type Fault, fn, plugin } from "@qpp/core";
import { filter } from "rxjs";
import { expect, test } from "vitest";

const machine = contract("machine", { callbacks: { exited: callback<[code: number]>() } });
const qppSrv = contract("qpp_srv", {
  callbacks: { onExit: callback<[exitCode: number, clean: boolean]>() },
  functions: { doAdd: fn<(x: number) => number>(), doSub: fn<(x: number) => number>() },
});

test("the pair of the RFC: a server's functions and callback, both lanes", async () => {
  const said: unknown[] = [];
  const faults: Fault[] = [];
  let exit: (code: number) => void = () => {};
  const fakeMachine = plugin(machine, {
    install({ callbacks }) {
      exit = callbacks.exited.run;
    },
  });
  const server = plugin(qppSrv, {
    requires: { machine },
    install({ machine, callbacks }) {
      machine.exited.register((code) => callbacks.onExit.run(code, code === 0));
      return { doAdd: (x) => x + 1, doSub: (x) => x - 1 };
    },
  });
  const client = plugin("qpp_client", {
    requires: { srv: qppSrv },
    install({ srv, log }) {
      log(srv.doAdd(1), srv.doSub(1));
      srv.onExit.register((code, clean) => log("direct", code, clean));
      srv.onExit.pipe(filter(([, clean]) => !clean)).subscribe(([code]) => log("rx", code));
    },
  });
  const container = createContainer({ host: { log: (...line) => said.push(line), fault: (fault) => faults.push(fault) } });
  const report = await container.load([{ plugin: client }, { plugin: server }, { plugin: fakeMachine }]);
  expect(report).toEqual({ loaded: ["machine", "qpp_srv", "qpp_client"], refused: [] });
  exit(0);
  exit(3);
  expect(said).toEqual([
    ["qpp_client", 2, 0],
    ["qpp_client", "direct", 0, true],
    ["qpp_client", "direct", 3, false],
    ["qpp_client", "rx", 3],
  ]);
  expect(faults).toEqual([]);
});
