import { type Plugin, plugin, type RawArguments } from "@qpp/core";
import { block } from "@qpp/emulator/testing";
import { discons } from "@qpp/plugins/discons/contract";
import { inline } from "@qpp/plugins/inline/contract";
import { ips } from "@qpp/plugins/ips/contract";
import { qppClient } from "@qpp/plugins/qpp-client/contract";
import { registers } from "@qpp/plugins/registers/contract";
import { reset } from "@qpp/plugins/reset/contract";
import { syscallsLogger } from "@qpp/plugins/syscalls-logger/contract";
import { describe, expect, it } from "vitest";
import { guest } from "../emulator/machine/rig.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

/** Runs a guest with a plugin of the catalog, and one that uses it. */
async function run(name: string, args: RawArguments, client: Plugin) {
  const rig = await rigWith(guest("count-loop"), { [name]: args });
  expect(await rig.container.load([{ plugin: client }])).toMatchObject({ refused: [] });
  rig.run();
  expect(rig.faults).toEqual([]);
  return rig;
}

describe("what other plugins get of", () => {
  it("discons: what was checked, and each mismatch", async () => {
    const heard: unknown[] = [];
    const client = plugin("client", {
      requires: { discons },
      install({ discons }) {
        discons.onMismatch.register((message) => void heard.push(message, discons.checked().mismatches));
      },
    });
    const { fake, result } = await load({ discons: { abort: "off" } }, [client]);
    const body = block(0x1000, ["addi a0,a0,1", "jal zero,0x2000"]);
    fake.emit({ kind: "block", vcpu: 0, block: body });
    for (const instruction of body.instructions.slice(0, 1))
      fake.emit({ kind: "instruction", vcpu: 0, instruction });
    fake.emit({ kind: "discontinuity", vcpu: 0, type: "exception", from: 4, to: 0x2000, signal: "SIGSEGV" });
    fake.end(0);
    expect(heard).toEqual([expect.stringContaining("0x4"), 1]);
    expect(result("discons")).toMatchObject({ mismatches: 1 });
  });

  it("inline: counts, also while the guest runs", async () => {
    const client = plugin("client", {
      requires: { inline },
      install: ({ inline, report }) => report(inline.counts),
    });
    const rig = await run("inline", {}, client);
    expect(resultOf(rig, "client")).toEqual({ tb: 10518, insn: 76196, mem: 30018 });
  });

  it("ips: each time that the clock is set", async () => {
    const client = plugin("client", {
      requires: { ips },
      install({ ips, report }) {
        const times: number[] = [];
        ips.onClockSet.register((_vcpu, nanoseconds) => void times.push(nanoseconds));
        report(() => ({ times, progress: ips.progress() }));
      },
    });
    const rig = await run("ips", { ips: "1m", ipq: "20000", sleep: "off" }, client);
    const { times, progress } = resultOf(rig, "client") as { times: number[]; progress: unknown };
    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(76_196_000);
    expect(progress).toEqual(resultOf(rig, "ips"));
  });

  it("qpp_client: what its server told it", async () => {
    const client = plugin("client", {
      requires: { qppClient },
      install: ({ qppClient, report }) => report(qppClient.heard),
    });
    const rig = await run("qpp_client", {}, client);
    expect(resultOf(rig, "client")).toEqual({ added: 2, subtracted: 0, exit: { code: 0, clean: true } });
  });

  it("registers: what was checked", async () => {
    const client = plugin("client", {
      requires: { registers },
      install: ({ registers, report }) =>
        report(() => ({ vcpus: registers.vcpus(), checks: registers.checks() })),
    });
    const rig = await run("registers", {}, client);
    expect(resultOf(rig, "client")).toEqual(resultOf(rig, "registers"));
    expect(resultOf(rig, "client")).toMatchObject({ vcpus: 1 });
  });

  it("reset: each phase, once its listeners are gone", async () => {
    const client = plugin("client", {
      requires: { reset },
      install({ reset, report }) {
        const phases: string[] = [reset.phase()];
        reset.onPhase.register((phase) => void phases.push(phase));
        report(() => phases);
      },
    });
    const rig = await run("reset", {}, client);
    expect(resultOf(rig, "client")).toEqual(["installed", "reset", "uninstall"]);
  });

  it("syscalls_logger: each line", async () => {
    const client = plugin("client", {
      requires: { syscallsLogger },
      install({ syscallsLogger, report }) {
        const lines: string[] = [];
        syscallsLogger.onLine.register((line) => void lines.push(line));
        report(() => lines);
      },
    });
    const rig = await run("syscalls_logger", {}, client);
    const lines = resultOf(rig, "client") as string[];
    expect(lines.length).toBeGreaterThan(0);
    expect(rig.logged).toEqual(lines.map((line) => `syscalls_logger ${line}`));
  });
});
