import { plugin } from "@qpp/core";
import { type Cpu, machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { takes } from "../arguments.js";
import { hex } from "../text.js";
import { stoptrigger, type Trigger } from "./contract.js";
import { addresses, icount } from "./places.js";

/** Stops the guest after a number of instructions, or at an address: QEMU's `stoptrigger` plugin. */
export default plugin(stoptrigger, {
  description: "Stops the guest, with an exit code, after a number of instructions or at an address",
  requires: { machine },
  args: v.pipe(
    takes({
      icount: icount("Stop a vCPU that has executed so many instructions"),
      addr: addresses("Stop in front of the instruction there; may be given more than once"),
    }),
    v.check(
      ({ icount, addr }) => icount !== undefined || addr.size > 0,
      "give icount=N[:CODE], addr=ADDRESS[:CODE], or both",
    ),
  ),
  install({ machine, args, callbacks, log, report, summary }) {
    const { icount, addr } = args;
    let stopped: { readonly trigger: Trigger; readonly reason: string } | undefined;
    const stop = (cpu: Cpu, kind: Trigger["kind"], pc: number, code: number): void => {
      const reason = kind === "icount" ? `icount reached at ${hex(pc)}` : `${hex(pc)} reached`;
      const trigger = { kind, vcpu: cpu.index, pc, code };
      stopped = { trigger, reason };
      log(`${reason}, exiting`);
      callbacks.triggered.run(trigger);
      machine.stop(code, reason);
      // The guest ends at the next block: this instruction becomes one, and is not executed.
      cpu.setPc(pc);
    };

    const withPc = { registers: "write-pc" } as const;
    if (icount) {
      const executed = machine.scoreboards.create(1).entry(0);
      machine.instructions.executed
        .when(executed, "eq", icount.at)
        .register((cpu, { pc }) => stop(cpu, "icount", pc, icount.code), withPc);
      machine.instructions.executed.inline("add", executed, 1);
    }
    machine.instructions
      .where(({ pc }) => addr.has(pc))
      .executed.register((cpu, { pc }) => stop(cpu, "addr", pc, addr.get(pc) ?? 0), withPc);

    report(() => ({ stopped: stopped ? { ...stopped.trigger, pc: hex(stopped.trigger.pc) } : null }));
    summary(() => stopped?.reason ?? "no trigger was reached");
    return {};
  },
});
