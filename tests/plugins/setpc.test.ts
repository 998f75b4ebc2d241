import { plugin } from "@qpp/core";
import { setpc } from "@qpp/plugins/setpc/contract";
import { describe, expect, it } from "vitest";
import {
  A0,
  A1,
  A2,
  A3,
  A7,
  assemble,
  DATA,
  exit,
  type Item,
  label,
  li,
  op,
  S0,
  T0,
  T1,
  TEXT,
} from "../emulator/machine/assemble.js";
import { program } from "../emulator/machine/rig.js";
import { resultOf, rigWith } from "./real.js";

const magic = (...args: readonly [number, number, number?, number?]): Item[] => [
  ...args.flatMap((value = 0, i) => li([A0, A1, A2, A3][i] ?? A0, value)),
  ...li(A7, 4096),
  op("ecall"),
];

/** Goes past each of three ends, if the pc is set as it asks: from an instruction, a load and a system call. */
function items(at: (name: string) => number): Item[] {
  return [
    ...magic(1, at("marked"), at("first"), 0),
    label("marked"),
    op("addi", { rd: T0, rs1: T0, imm: 1 }),
    ...exit(91),
    label("first"),
    ...magic(1, 0, at("second"), DATA),
    ...li(S0, DATA),
    op("ld", { rd: T1, rs1: S0, imm: 8 }),
    op("ld", { rd: T1, rs1: S0 }),
    ...exit(92),
    label("second"),
    ...magic(0, at("third")),
    ...exit(93),
    label("third"),
    op("addi", { rd: A0, rs1: T0, imm: 7 }),
    ...exit(0).slice(1),
  ];
}
// Every address is as long as any other one.
const { labels } = assemble(items(() => TEXT + 4));

describe("setpc", () => {
  it("tells others where it has set the pc", async () => {
    const rig = await rigWith(program(items((name) => labels.get(name) ?? 0)), { setpc: {} });
    const heard: unknown[] = [];
    const client = plugin("client", {
      requires: { setpc },
      install({ setpc }) {
        setpc.onJump.register(
          ({ index }, pc, from) => void heard.push([index, pc, from, setpc.jumps()[from]]),
        );
      },
    });
    expect(await rig.container.load([{ plugin: client }])).toMatchObject({ refused: [] });
    rig.run();
    expect(heard).toEqual([
      [0, labels.get("first"), "instructions", 1],
      [0, labels.get("second"), "loads", 1],
      [0, labels.get("third"), "syscalls", 1],
    ]);
  });

  it("sets the pc as the guest asks for it, and sees where that leads", async () => {
    const rig = await rigWith(program(items((name) => labels.get(name) ?? 0)), { setpc: {} });
    expect(rig.run().code).toBe(7);
    expect(rig.faults).toEqual([]);
    expect(rig.logged).toEqual([
      "setpc Magic syscall detected, set target_pc / target_vaddr",
      "setpc Marker insn detected, jump to clean return",
      "setpc Magic syscall detected, set target_pc / target_vaddr",
      "setpc Marker mem access detected, jump to clean return",
      "setpc Magic syscall detected, jump to clean exit",
    ]);
    expect(resultOf(rig, "setpc")).toEqual({
      jumps: { syscalls: 1, instructions: 1, loads: 1 },
      checks: {
        "a guest names the place to go on at": 2,
        "a guest marks an instruction or an address, not both": 1,
        "the next block after a jump from instructions": 1,
        "the next block after a jump from loads": 1,
        "the next block after a jump from syscalls": 1,
      },
    });
  });

  it("is at fault where a guest names no place, and lets other calls pass", async () => {
    const nowhere = await rigWith(program([...magic(1, TEXT, 0, 0), ...exit(5)]), { setpc: {} });
    expect(nowhere.run().code).toBe(5);
    expect(nowhere.faults.map(({ message }) => message)).toEqual([
      expect.stringContaining("a guest names the place to go on at: found false"),
    ]);
    const unknown = await rigWith(program([...magic(2, TEXT), ...exit(6)]), { setpc: {} });
    expect(unknown.run().code).toBe(6);
    expect(unknown.logged).toEqual(["setpc Unknown magic syscall argument, ignoring"]);
  });
});
