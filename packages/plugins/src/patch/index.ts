import { plugin } from "@qpp/core";
import { type Block, machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, takes } from "../arguments.js";
import { hex } from "../text.js";
import { patch as patchContract } from "./contract.js";
import { hexBytes } from "./hex-bytes.js";

/** Replaces instructions as they are executed: QEMU's `patch` plugin. */
export default plugin(patchContract, {
  description: "Replaces instructions of a pattern in the guest's memory when their block is executed",
  requires: { machine },
  args: v.pipe(
    takes({
      target: hexBytes("Bytes with which an instruction to be replaced begins, in the order of memory"),
      patch: hexBytes("What to write there, as many bytes"),
      use_hwaddr: flag("By hardware addresses: there are none in user mode, so this is refused"),
    }),
    v.check(
      ({ target, patch }) => target.length === patch.length,
      "target and patch must have the same number of bytes",
    ),
    v.check(
      ({ use_hwaddr }) => !use_hwaddr,
      "use_hwaddr: hardware addresses exist in system mode only; this machine runs one user-mode program",
    ),
  ),
  install({ machine, callbacks, args, log, report, summary }) {
    const { target, patch } = args;
    const patched = new Map<number, number>();

    const matching = ({ instructions }: Block): number[] =>
      instructions.filter(({ data, size }) => beginsWith(data, size, target)).map(({ pc }) => pc);
    const apply = (pc: number): void => {
      log(`patching: @${hex(pc)}`);
      if (!machine.memory.write(pc, patch)) {
        throw new Error(
          `cannot write to ${hex(pc)}: the guest's code is patched where the guest may write to it`,
        );
      }
      const found = machine.memory.read(pc, patch.length);
      if (found === undefined || patch.some((byte, i) => found[i] !== byte)) {
        throw new Error(`what was written to ${hex(pc)} is not what is read there`);
      }
      patched.set(pc, (patched.get(pc) ?? 0) + 1);
      callbacks.onPatch.run(pc);
    };
    machine.blocks
      .where((block) => matching(block).length > 0)
      .executed.register((_cpu, block) => matching(block).forEach(apply), { registers: "none" });

    const places = () => [...patched].map(([pc, times]) => ({ pc, times }));
    report(() => ({ patched: places().map(({ pc, times }) => ({ pc: hex(pc), times })) }));
    summary(() => {
      const lines = places().map(({ pc, times }) => `  ${hex(pc)}: ${times} times`);
      return [`${patched.size} instructions patched, each read back`, ...lines].join("\n");
    });
    return { patched: places };
  },
});

function beginsWith(data: number, size: number, bytes: Uint8Array): boolean {
  return size >= bytes.length && bytes.every((byte, i) => ((data >>> (8 * i)) & 0xff) === byte);
}
