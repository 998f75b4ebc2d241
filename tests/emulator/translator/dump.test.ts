import { moduleText, type Translation, translationText } from "@qpp/emulator/dump";
import { describe, expect, it } from "vitest";
import { moduleOf } from "../../../packages/emulator/src/translator/link.js";
import { encodeModule } from "../../../packages/emulator/src/wasm/module.js";
import { peer } from "../../peers.js";
import { exit, label, li, op, S0, T0, T1, TEXT, to } from "../machine/assemble.js";
import { createRig, type Guest, guest, program, watcher } from "../machine/rig.js";
import { assembleText, plainText } from "../wasm/wabt.js";

const LOOP = TEXT + 12;
const AFTER = TEXT + 40;

/** The last translation of each region of a guest whose instructions, accesses and calls are watched. */
async function translationsOf(guest: Guest, after: number): Promise<readonly Translation[]> {
  const last = new Map<number, Translation>();
  const rig = await createRig(guest, {
    translateAfter: after,
    maxInsns: 200_000,
    observe: (translation) => last.set(translation.order.region.head, translation),
    plugins: [
      watcher("watcher", ({ instructions, memory }) => {
        instructions.executed.count();
        memory.accessed.batch(() => {});
        instructions.where((i) => i.pc === LOOP || i.isReturn).executed.register(() => {});
      }),
    ],
  });
  rig.run(1000);
  return [...last.values()];
}

const symbolAt = (pc: number) => (pc >= LOOP && pc < AFTER ? { name: "loop", offset: pc - LOOP } : undefined);
/** A loop around a call through a register, with a way around it. */
const small = program([
  ...li(S0, 2000),
  op("auipc", { rd: T0, imm: 0 }),
  to("loop", "jal", { rd: 0 }),
  label("loop"),
  op("addi", { rd: S0, rs1: S0, imm: -1 }),
  op("andi", { rd: T1, rs1: S0, imm: 1 }),
  to("odd", "bne", { rs1: T1, rs2: 0 }),
  op("jalr", { rd: 1, rs1: T0, imm: AFTER - TEXT - 4 }),
  label("odd"),
  op("sd", { rs1: 2, rs2: S0, imm: -8 }),
  to("loop", "bne", { rs1: S0, rs2: 0 }),
  to("end", "jal", { rd: 0 }),
  op("jalr", { rd: 0, rs1: 1, imm: 0 }),
  label("end"),
  ...exit(0),
]);

async function regionOf(head: number): Promise<Translation> {
  const found = (await translationsOf(small, 10)).find(({ order }) => order.region.head === head);
  if (found === undefined) throw new Error("the loop has not been translated");
  return found;
}

describe("a region's text", () => {
  it("has its blocks, and how they end", async () => {
    expect(translationText("discover", await regionOf(LOOP), symbolAt)).toBe(`\
region 0x2000c <loop>: 3 blocks, 6 instructions

  0x2000c <loop>
    2000c  add s0,s0,-1
    20010  and t1,s0,1
    20014  bnez t1,0x2001c
    branches to 0x2001c <loop+16>, or goes on at 0x20018 <loop+12>

  0x2001c <loop+16>
    2001c  sd s0,-8(sp)
    20020  bnez s0,0x2000c
    branches to 0x2000c <loop>, or goes on at 0x20024 <loop+24> (outside)

  0x20018 <loop+12>
    20018  jalr 36(t0)
    calls through a register, goes on at 0x2001c <loop+16>
`);
  });

  it("has its tree of dominators", async () => {
    expect(translationText("order", await regionOf(LOOP), symbolAt)).toBe(`\
region 0x2000c <loop>: 3 blocks, 6 instructions

  0  0x2000c <loop>: loop; goes on at 2, 1
    1  0x20018 <loop+12>: goes on at 2
    2  0x2001c <loop+16>: merge; goes on at 0; leaves for 0x20024 <loop+24>
`);
  });

  it("has what is in variables", async () => {
    const text = translationText("allocate", await regionOf(LOOP), symbolAt);
    expect(text).toMatch(/^ {2}in variables: ra, sp, t0, t1, s0, cell_0, ring_[\da-f]+$/m);
    expect(text).toMatch(/^ {4}reloaded after the call at 0x2000c <loop>: cell_0, ring_[\da-f]+$/m);
    expect(text).toMatch(/^ {2}2 {2}0x2001c <loop\+16>\n {4}live: {2}sp, t0, t1, s0, .*\n {4}dirty: t1, s0/m);
  });

  it("has its code, with variables by their names", async () => {
    const text = translationText("emit", await regionOf(LOOP), symbolAt);
    expect(text).toMatch(/^\(func \$region_2000c \(param \$pc i32\) \(param \$depth i32\) \(result i32\)$/m);
    expect(text).toContain("(local.set $s0 (i64.add (local.get $s0) (i64.const -1)))");
    expect(text).toContain("(local.set $cell_0 (i64.add (local.get $cell_0) (i64.const 2)))");
  });
});

describe.skipIf(!peer("wat2wasm"))("a module of regions as text (needs wat2wasm)", () => {
  it.each([
    ["fib", []],
    ["nbody", ["20"]],
  ])("is assembled to what runs: %s", async (name, args) => {
    const translations = await translationsOf(guest(name, ...args), 30);
    expect(translations.length).toBeGreaterThan(1);
    const module = encodeModule(moduleOf(translations.map(({ func }) => func)));
    expect(plainText(assembleText(moduleText(translations)))).toBe(plainText(module));
  });
});
