import { plugin } from "@qpp/core";
import { type Block, type GuestExit, machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, oneOf, takes, wholeNumber } from "../arguments.js";
import { lockstep } from "./contract.js";
import { differingRegisters, divergenceLine, divergenceText, endText } from "./divergence.js";
import { createExchange, type Divergence } from "./exchange.js";
import { InterruptedWait, type Link, openLink } from "./link.js";
import type { End } from "./protocol.js";
import { createRecorder } from "./recorder.js";
import { createSnapshots } from "./snapshots.js";

/** Blocks that are compared at once: the more, the less often one side waits for the other. */
const CAPACITY = 8192;

/** Compares this run with another one, block by block, and tells where they part. */
export default plugin(lockstep, {
  description: "Compares two runs, block by block: where they part first, with both states",
  requires: { machine },
  args: takes({
    sockpath: v.pipe(
      v.string(),
      v.description("Socket to meet the other side at: the first one to come makes it"),
      v.nonEmpty("it must be the path of a socket"),
    ),
    verbose: flag("Tell of each block that differs, not only of the first one"),
    registers: oneOf(
      "Registers: shown where the two differ (show), compared at each block as well (on), not read (off, faster)",
      ["show", "on", "off"],
      "show",
    ),
    timeout: wholeNumber("Seconds to wait for the other side to come", {
      least: 1,
      most: 86400,
      initial: 60,
    }),
  }),
  install({ machine, args, callbacks, log, report, summary, onDispose }) {
    const compares = args.registers === "on";
    const words = compares ? 4 : 2;
    const recorder = createRecorder(CAPACITY, words, machine.program);
    const snapshots = args.registers === "off" ? undefined : createSnapshots(CAPACITY);
    let link: Link | undefined;
    let divergence: Divergence | undefined;
    let broken: string | undefined;
    let lastDiffering = 0;

    const exchange = createExchange(
      { send: (bytes) => link?.send(bytes), receive: () => link?.receive() },
      {
        get count() {
          return recorder.count;
        },
        take: recorder.take,
        stateAt: (index, end) => ({
          ...recorder.stateAt(index),
          end: index < recorder.count ? null : end,
          registers: index < recorder.count ? (snapshots?.at(recorder.count - 1 - index) ?? null) : null,
        }),
      },
      { words, registers: args.registers },
      {
        diverged(found) {
          divergence = found;
          log(`lockstep: ${divergenceLine(found)}`);
          callbacks.diverged.run(found);
        },
        differs(index, theirPc) {
          if (args.verbose) {
            const pc = recorder.stateAt(index).block?.pc ?? 0;
            log(
              `@ 0x${pc.toString(16)} vs 0x${theirPc.toString(16)} (${exchange.differing}/${index - lastDiffering} since last)`,
            );
          }
          lastDiffering = index;
        },
      },
    );

    /** Does what waits; after an interruption, nothing more is done. */
    function waiting(action: () => void): void {
      if (broken !== undefined || exchange.over) return;
      try {
        if (link === undefined) {
          link = openLink(args.sockpath, args.timeout);
          link.connect();
          exchange.greet();
        }
        action();
      } catch (error) {
        broken = error instanceof Error ? error.message : String(error);
        leave();
        if (!(error instanceof InterruptedWait)) throw error;
      }
      if (exchange.over) leave();
    }
    function leave(): void {
      listening.unsubscribe();
      link?.close();
      link = undefined;
    }

    const gather = (vcpu: number, block: Block, digest: readonly [number, number] | undefined): void => {
      if (recorder.gathered === 0 && recorder.count === 0) waiting(() => {});
      recorder.add(vcpu, block, digest);
      if (recorder.gathered === CAPACITY) waiting(exchange.step);
    };
    const blocks: Block[] = [];
    const listening = snapshots
      ? machine.blocks.executed.register((cpu, block) => {
          snapshots.take(cpu);
          gather(cpu.index, block, compares ? snapshots.digest() : undefined);
        })
      : machine.traces.batch({ block: (block) => blocks.push(block) - 1 }, ({ length, vcpu, tag }) => {
          for (let i = 0; i < length && !exchange.over; i++) {
            const block = blocks[tag[i] ?? 0];
            if (block) gather(vcpu, block, undefined);
          }
        });

    machine.exited.register((_code, exit) => waiting(() => exchange.finish(endOf(exit))));
    onDispose(leave);

    report(() => ({
      blocks: exchange.compared,
      differing: exchange.differing,
      apart: exchange.apart,
      broken: broken ?? null,
      otherEnd: exchange.theirEnd ?? null,
      divergence: divergence ? { ...divergence, registers: differingRegisters(divergence) } : null,
    }));
    summary(() => {
      if (divergence) return divergenceText(divergence);
      const lines = [`no divergence after ${exchange.compared} blocks`];
      if (broken !== undefined) lines.push(`then it broke off: ${broken}`);
      if (exchange.theirEnd?.stopped) lines.push(`the other side was ${endText(exchange.theirEnd)}`);
      return lines.join("\n");
    });
    return { compared: () => exchange.compared };
  },
});

function endOf({ code, signal, stopped }: GuestExit): End {
  return { code, signal: signal ?? null, stopped: stopped ?? null };
}
