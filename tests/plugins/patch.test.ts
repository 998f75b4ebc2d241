import { plugin } from "@qpp/core";
import { patch as patchContract } from "@qpp/plugins/patch/contract";
import { describe, expect, it } from "vitest";
import { A0, assemble, exit, type Item, label, li, op, T0, to } from "../emulator/machine/assemble.js";
import { guest, program } from "../emulator/machine/rig.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

/** Ten times around. */
const loop: readonly Item[] = [
  ...li(T0, 10),
  label("loop"),
  op("addi", { rd: A0, rs1: A0, imm: 1 }),
  op("addi", { rd: T0, rs1: T0, imm: -1 }),
  to("loop", "bne", { rs1: T0, rs2: 0 }),
  ...exit(0).slice(1),
];
const hexOf = (item: Item): string => Buffer.from(assemble([item]).bytes).toString("hex");
const target = hexOf(op("addi", { rd: A0, rs1: A0, imm: 1 }));
const patch = hexOf(op("addi", { rd: A0, rs1: A0, imm: 20 }));
const READ_WRITE_EXECUTE = 7;

describe("patch", () => {
  it("replaces an instruction when its block is executed, which the next block sees", async () => {
    const rig = await rigWith(program(loop, READ_WRITE_EXECUTE), { patch: { target, patch } });
    expect(rig.run().code).toBe(1 + 9 * 20);
    expect(rig.faults).toEqual([]);
    const pc = `0x${assemble(loop).labels.get("loop")?.toString(16)}`;
    expect(rig.logged).toEqual([`patch patching: @${pc}`]);
    expect(resultOf(rig, "patch")).toEqual({ patched: [{ pc, times: 1 }] });
  });

  it("tells others what it has replaced", async () => {
    const rig = await rigWith(program(loop, READ_WRITE_EXECUTE), { patch: { target, patch } });
    const heard: unknown[] = [];
    const client = plugin("client", {
      requires: { patch: patchContract },
      install({ patch }) {
        patch.onPatch.register((pc) => void heard.push(pc, patch.patched()));
      },
    });
    expect(await rig.container.load([{ plugin: client }])).toMatchObject({ refused: [] });
    rig.run();
    const pc = assemble(loop).labels.get("loop");
    expect(heard).toEqual([pc, [{ pc, times: 1 }]]);
  });

  it("takes the beginning of an instruction, which stays the pattern", async () => {
    // The same two bytes again: every block that has such an instruction is patched each time.
    const start = target.slice(0, 4);
    const rig = await rigWith(program(loop, READ_WRITE_EXECUTE), { patch: { target: start, patch: start } });
    expect(rig.run().code).toBe(10);
    expect(resultOf(rig, "patch")).toMatchObject({ patched: [{ times: 10 }] });
  });

  it("is at fault where the guest could not write itself", async () => {
    const rig = await rigWith(program(loop), { patch: { target, patch } });
    expect(rig.run().code).toBe(10);
    expect(rig.faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/cannot write to 0x2\w+: the guest's code is patched where the guest may write/),
    ]);
  });

  it("patches code that the guest has made", async () => {
    // addi a0,zero,7 becomes addi a0,zero,107.
    const rig = await rigWith(guest("selfmod"), { patch: { target: "13057000", patch: "1305b006" } });
    const plain = await rigWith(guest("selfmod"), {});
    rig.run();
    plain.run();
    expect(rig.faults).toEqual([]);
    expect(resultOf(rig, "patch")).toMatchObject({ patched: [{ times: 1 }] });
    // It is written while the block that has it runs already.
    expect(rig.output()).toBe(plain.output());
  });

  it.each([
    [{ target: "13", patch: "1300" }, "must have the same number of bytes"],
    [{ target: "1", patch: "1" }, "an even number of hexadecimal digits"],
    [{ target: "13" }, 'argument "patch": it must be given'],
    [{ target: "13", patch: "13", use_hwaddr: "on" }, "hardware addresses exist in system mode only"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ patch: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});
