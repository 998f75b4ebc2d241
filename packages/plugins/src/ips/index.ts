import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, takes, wholeNumber } from "../arguments.js";
import { type IpsResult, ips } from "./contract.js";
import { hostPace } from "./host-pace.js";
import { createPacer } from "./pacer.js";
import { rate } from "./rate.js";

const QUANTA_PER_SECOND = 10;
const SECOND = 1_000_000_000;

/** Limits how many instructions a vCPU executes in a second of the guest's time: QEMU's `ips` plugin. */
export default plugin(ips, {
  description: "Has the guest's clock show, and the run take, a second for so many instructions of a vCPU",
  requires: { machine },
  args: v.pipe(
    takes({
      ips: rate("Instructions per second of each vCPU", "1g"),
      ipq: wholeNumber("Instructions after which the clock is set and the speed is seen to, 0 for ips/10", {
        least: 0,
        most: Number.MAX_SAFE_INTEGER,
        initial: 0,
      }),
      sleep: flag("Sleep where the guest is faster than its clock; off: only the clock is set", true),
    }),
    v.transform(({ ipq, ...rest }) => ({
      ...rest,
      ipq: ipq === 0 ? Math.floor(rest.ips / QUANTA_PER_SECOND) : ipq,
    })),
    v.check(({ ipq }) => ipq > 0, `ips must be ${QUANTA_PER_SECOND} at least, or ipq=… be given`),
  ),
  install({ machine, callbacks, args, report, summary }) {
    const { ips: perSecond, ipq } = args;
    const control = machine.clock.request();
    const now = (): number => machine.clock.nanoseconds;
    const pace = args.sleep ? hostPace() : undefined;
    const pacer = createPacer(perSecond, now);
    const quantum = machine.scoreboards.create(1).entry(0);
    const take = (vcpu: number): number => {
      const instructions = quantum.get(vcpu);
      quantum.set(vcpu, 0);
      return instructions;
    };
    const account = (vcpu: number): void => {
      const before = now();
      const time = pacer.executed(vcpu, take(vcpu));
      if (time <= before) return;
      control.set(time);
      callbacks.onClockSet.run(vcpu, time);
      pace?.(time - before);
    };

    machine.instructions.executed.inline("add", quantum, 1);
    machine.blocks.executed
      .when(quantum, "ge", ipq)
      .register(({ index }) => account(index), { registers: "none" });
    machine.vcpus.initialized.register(({ index }) => pacer.started(index));
    machine.vcpus.resumed.register(({ index }) => pacer.waited(index, take(index)));
    machine.vcpus.exited.register(({ index }) => account(index));

    const result = (): IpsResult => ({
      ips: perSecond,
      ipq,
      instructions: pacer.instructions(),
      seconds: now() / SECOND,
    });
    report(result);
    summary(() => {
      const { instructions, seconds } = result();
      return `${instructions} instructions; ${seconds.toFixed(3)} s by the guest's clock, at ${perSecond} instructions/s a vCPU`;
    });
    return { progress: result };
  },
});
