import { plugin } from "@qpp/core";
import { qppSrv } from "@qpp/plugins/qpp-srv/contract";
import { filter } from "rxjs";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

describe("qpp_srv and qpp_client", () => {
  it("call each other by contract alone: functions at once, the callback at the end", async () => {
    const { fake, lines, result } = await load({ qpp_client: {} });
    expect(lines).toEqual(["qpp_client: doAdd(1) is 2, doSub(1) is 0"]);
    expect(result("qpp_client")).toEqual({ added: 2, subtracted: 0, exit: null });
    fake.end(3);
    expect(lines.at(-1)).toBe("qpp_client: the guest ended with 3, not cleanly");
    expect(result("qpp_client")).toEqual({ added: 2, subtracted: 0, exit: { code: 3, clean: false } });
    expect(result("qpp_srv")).toEqual({ calls: 2 });
  });

  it("gives its callback as a stream, too", async () => {
    const unclean: number[] = [];
    const listener = plugin("listener", {
      requires: { srv: qppSrv },
      install({ srv }) {
        srv.onExit.pipe(filter(([, clean]) => !clean)).subscribe(([code]) => unclean.push(code));
      },
    });
    for (const code of [0, 7]) {
      const { fake } = await load({}, [listener]);
      fake.end(code);
    }
    expect(unclean).toEqual([7]);
  });
});
