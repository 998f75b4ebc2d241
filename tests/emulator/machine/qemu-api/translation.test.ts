import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Block, Instruction } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { peer } from "../../../peers.js";
import { A0, exit, halfword, label, li, op, padTo, T0, T1, TEXT, to } from "../assemble.js";
import { createRig, type Guest, guest, program } from "../rig.js";

async function blocksOf(of: Guest): Promise<Block[]> {
  const blocks: Block[] = [];
  const rig = await createRig(of);
  rig.api.blocks.translated.register((block) => blocks.push(block));
  rig.run();
  return blocks;
}

/** The pcs that qemu-riscv64 logs: one for each translation block that it enters. */
function qemuTrace({ path, image }: Guest, ...options: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), "qpp-trace-"));
  try {
    const file = join(folder, "guest");
    writeFileSync(file, image, { mode: 0o700 });
    const log = join(folder, "log");
    const { error } = spawnSync("qemu-riscv64", [...options, "-d", "nochain,exec", "-D", log, file]);
    if (error) throw new Error(`qemu-riscv64 did not run ${path}`, { cause: error });
    const lines = readFileSync(log, "utf8").matchAll(/^Trace \d+: \S+ \[[0-9a-f]+\/([0-9a-f]+)\//gm);
    return Array.from(lines, ([, pc = ""]) => Number.parseInt(pc, 16));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Straight on across two pages, one instruction lying on the border; then 1200 instructions without a jump. */
const straight = program([
  ...li(T0, 2),
  label("again"),
  padTo(0xffe),
  op("addi", { rd: T0, rs1: T0, imm: -1 }),
  op("addi", { rd: T1, rs1: T0, imm: 1 }),
  to("again", "bne", { rs1: T0, rs2: 0 }),
  ...Array.from({ length: 1200 }, () => halfword(0x0505)), // c.addi a0,1
  ...exit(0),
]);

describe("register_vcpu_tb_trans_cb, tb_n_insns, tb_vaddr, tb_get_insn", () => {
  it("tells each block once, before any execution of it", async () => {
    const rig = await createRig(guest("count-loop"));
    const translated: Block[] = [];
    const unknown: Block[] = [];
    const executed = new Set<Block>();
    rig.api.blocks.translated.register((block) => translated.push(block));
    rig.api.blocks.executed.register((_cpu, block) => {
      if (!translated.includes(block)) unknown.push(block);
      executed.add(block);
    });
    rig.run();
    expect(unknown).toEqual([]);
    expect(new Set(translated.map((b) => b.pc)).size).toBe(translated.length);
    expect([...executed]).toEqual(translated);
  });

  it("shows a block's instructions, one behind the other", async () => {
    for (const block of await blocksOf(guest("hello"))) {
      const [first] = block.instructions;
      expect(block.pc).toBe(first?.pc);
      expect(block.symbol).toBe(first?.symbol);
      let next = block.pc;
      for (const { pc, size } of block.instructions) {
        expect(pc).toBe(next);
        next += size;
      }
      expect(block.size).toBe(next - block.pc);
    }
  });

  it("is on the Rx lane, too, and can be selected from", async () => {
    const rig = await createRig(guest("count-loop"));
    const direct: number[] = [];
    const rx: number[] = [];
    const inMix = rig.api.blocks.where((b) => b.symbol === "mix");
    inMix.where((b) => b.instructions.length > 3).translated.register((b) => direct.push(b.pc));
    inMix.translated.subscribe((b) => rx.push(b.pc));
    inMix.where(() => false).translated.subscribe(() => rx.push(-1));
    rig.run();
    expect(direct).toHaveLength(1);
    expect(rx).toEqual(direct);
  });

  it.skipIf(!peer("qemu-riscv64"))("cuts blocks where QEMU does (needs qemu-riscv64)", async () => {
    for (const of of [guest("count-loop"), guest("count-calls"), straight]) {
      const entered: number[] = [];
      const rig = await createRig(of);
      rig.api.blocks.executed.register((_cpu, block) => entered.push(block.pc));
      rig.run();
      expect(entered).toEqual(qemuTrace(of));
    }
  });

  it.skipIf(!peer("qemu-riscv64"))(
    "executes the instructions that QEMU executes, one by one (needs qemu-riscv64)",
    async () => {
      for (const of of [guest("count-loop"), guest("count-calls"), straight]) {
        const executed: number[] = [];
        const rig = await createRig(of);
        rig.api.instructions.executed.register((cpu) => executed.push(cpu.pc));
        rig.run();
        expect(executed).toEqual(qemuTrace(of, "-singlestep"));
      }
    },
  );
});

describe("insn_vaddr, insn_size, insn_data, insn_disas, insn_symbol", () => {
  const text = program([
    op("c.addi", { rd: A0, rs1: A0, imm: 3 }),
    op("lbu", { rd: T0, rs1: 2, imm: -1 }),
    op("amoadd.w", { rd: T1, rs1: A0, rs2: T0 }),
    label("fn"),
    op("sd", { rs1: 2, rs2: T0, imm: -16 }),
    to("fn", "jal", { rd: 1 }),
    op("jalr", { rd: 0, rs1: 1 }),
    to("fn", "bne", { rs1: T0, rs2: 0 }),
    halfword(0),
  ]);

  async function factsOf(of: Guest): Promise<Instruction[]> {
    const rig = await createRig(of);
    const facts: Instruction[] = [];
    rig.api.blocks.where((b) => b.pc === TEXT).translated.register((b) => facts.push(...b.instructions));
    // Some of them fault, others go on for ever.
    rig.machine.runSlice(1);
    return facts;
  }

  it("tell an instruction's address, bytes and text", async () => {
    const facts = await factsOf(text);
    expect(facts.map(({ pc, size, data, text, name }) => [pc - TEXT, size, data, name, text])).toEqual([
      [0, 2, 0x050d, "addi", "c.addi a0,3"],
      [2, 4, 0xfff14283, "lbu", "lbu t0,-1(sp)"],
      [6, 4, 0x0055232f, "amoadd.w", "amoadd.w t1,t0,(a0)"],
      [10, 4, 0xfe513823, "sd", "sd t0,-16(sp)"],
      [14, 4, 0xffdff0ef, "jal", `jal ra,0x${(TEXT + 10).toString(16)}`],
    ]);
  });

  it("tell what an instruction does", async () => {
    const what = (i: Instruction | undefined) => ({
      bytes: i?.accessBytes,
      kinds: (["isLoad", "isStore", "isBranch", "isCall", "isReturn", "isJump"] as const).filter(
        (k) => i?.[k],
      ),
    });
    const [addi, load, atomic, store, call] = await factsOf(text);
    expect(what(addi)).toEqual({ bytes: undefined, kinds: [] });
    expect(what(load)).toEqual({ bytes: 1, kinds: ["isLoad"] });
    expect(what(atomic)).toEqual({ bytes: 4, kinds: ["isLoad", "isStore"] });
    expect(what(store)).toEqual({ bytes: 8, kinds: ["isStore"] });
    expect(what(call)).toEqual({ bytes: undefined, kinds: ["isCall", "isJump"] });
    const [ret] = await factsOf(program([op("jalr", { rd: 0, rs1: 1 })]));
    expect(what(ret)).toEqual({ bytes: undefined, kinds: ["isReturn", "isJump"] });
    const [branch] = await factsOf(program([op("beq", { rs1: 0, rs2: 0, imm: 8 })]));
    expect(what(branch)).toEqual({ bytes: undefined, kinds: ["isBranch"] });
    const [illegal] = await factsOf(program([halfword(0)]));
    expect([illegal?.name, illegal?.size, illegal?.data, illegal?.text]).toEqual([
      "illegal",
      2,
      0,
      "c.unimp",
    ]);
  });

  it("name the function that holds it", async () => {
    const names = new Set((await blocksOf(guest("count-loop"))).map((b) => b.symbol));
    expect([...names]).toEqual(["_start", "iteration", "mix"]);
    const [none] = await factsOf(text);
    expect(none?.symbol).toBeUndefined();
  });

  it("are one object for all executions of a translation", async () => {
    const rig = await createRig(guest("count-loop"));
    const objects = new Map<Instruction, number>();
    rig.api.instructions
      .where((i) => i.symbol === "mix")
      .executed.register((_cpu, i) => objects.set(i, (objects.get(i) ?? 0) + 1));
    rig.run();
    expect([...objects.values()]).toEqual(Array(7).fill(1000));
  });
});
