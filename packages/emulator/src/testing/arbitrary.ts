import fc from "fast-check";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import { bytesOf, createFakeMemory, type FakeMemory, numberOf } from "./memory.js";
import { accessSite, block, type FakeProgram, type FakeSymbol } from "./program.js";
import { eventText, type MachineEvent, type MachineStream } from "./stream.js";

/** What {@link machineStreams} may put into a stream. */
export interface StreamOptions {
  /** Most vCPUs; 2 unless told. */
  readonly maxVcpus?: number;
  /** Most executions of blocks; 30 unless told. */
  readonly maxBlocks?: number;
}

/** Where made-up programs stand, and where their data is. */
const CODE = 0x1_0000;
const DATA = 0x2_0000;
/** Data lies in two pages; an access may reach from one into the other. */
const DATA_START = DATA - 64;
const DATA_SIZE = 128;

/** Instructions that go on with the next one. */
const BODY = [
  "addi a0,a0,1",
  "add a1,a0,a2",
  "c.addi a0,1",
  "c.mv a1,a0",
  "mul a0,a1,a2",
  "lb a0,0(s0)",
  "lhu a1,2(s0)",
  "lw a2,4(s0)",
  "ld a0,8(s0)",
  "c.ld a0,8(s0)",
  "sb a0,0(s0)",
  "sh a1,2(s0)",
  "sw a2,4(s0)",
  "sd a0,8(s0)",
  "c.sw a0,4(s0)",
  "fld fa0,0(s0)",
  "fsw fa0,4(s0)",
  "amoadd.w a0,a1,(s0)",
  "amoswap.d a0,a1,(s0)",
] as const;

/** Instructions that end a block; `target` stands for the address of a block. */
const LAST = [
  "ecall",
  "beq a0,a1,target",
  "bne a0,zero,target",
  "jal zero,target",
  "jal ra,target",
  "jalr zero,0(ra)",
] as const;

interface BlockShape {
  readonly body: readonly (typeof BODY)[number][];
  readonly last: (typeof LAST)[number];
  readonly target: number;
  /** Whether a new function begins here. */
  readonly symbol: boolean;
}

/** One block of one vCPU; numbers are taken modulo what there is to choose from. */
interface Turn {
  readonly vcpu: number;
  readonly way: number;
  readonly offsets: readonly number[];
  readonly values: readonly bigint[];
  readonly call: { readonly number: number; readonly result: number; readonly waits: boolean };
  readonly event: "nothing" | "flush" | "leave";
}

/**
 * Streams of well-formed programs: a vCPU starts before it does anything; a block is translated before it is executed, and
 * anew after a flush; a block is followed by its instructions, an instruction by its accesses, an `ecall` by the call and
 * its return; the next block is one that the last instruction can lead to; loads give what stores have left; in the end
 * all vCPUs exit, and then the guest. Printed, a stream is one line an event.
 *
 * @example
 * ```ts
 * await fc.assert(fc.asyncProperty(machineStreams(), async (stream) => {
 *   const fake = createFakeMachine(stream.program);
 *   await container.load([{ plugin: fake.plugin }, { plugin: mine }]);
 *   fake.play(stream);
 * }));
 * ```
 */
export function machineStreams(options: StreamOptions = {}): fc.Arbitrary<MachineStream> {
  const { maxVcpus = 2, maxBlocks = 30 } = options;
  const shape: fc.Arbitrary<BlockShape> = fc.record({
    body: fc.array(fc.constantFrom(...BODY), { maxLength: 4 }),
    last: fc.constantFrom(...LAST),
    target: fc.nat({ max: 5 }),
    symbol: fc.boolean(),
  });
  const turn: fc.Arbitrary<Turn> = fc.record({
    vcpu: fc.nat({ max: maxVcpus - 1 }),
    way: fc.nat({ max: 5 }),
    offsets: fc.array(fc.nat({ max: DATA_SIZE - 8 }), { minLength: 1, maxLength: 4 }),
    values: fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 3 }),
    call: fc.record({
      number: fc.constantFrom(63, 64, 56, 172, 101),
      result: fc.integer({ min: -20, max: 1000 }),
      waits: fc.boolean(),
    }),
    event: fc.constantFrom(
      "nothing" as const,
      "nothing" as const,
      "nothing" as const,
      "flush" as const,
      "leave" as const,
    ),
  });
  return fc
    .tuple(
      fc.array(shape, { minLength: 1, maxLength: 6 }),
      fc.array(turn, { maxLength: maxBlocks }),
      fc.integer({ min: 0, max: 255 }),
    )
    .map(([shapes, turns, code]) => {
      const program = layOut(shapes);
      const events = walk(program, turns, code);
      const text = { [fc.toStringMethod]: () => `\n${events.map(eventText).join("\n")}\n` };
      return Object.assign({ program, events: Object.assign(events, text) }, text);
    });
}

function layOut(shapes: readonly BlockShape[]): FakeProgram {
  // The last block must not run into nothing.
  const closed = shapes.map((each, i) =>
    i === shapes.length - 1 && each.last !== "jal zero,target"
      ? { ...each, last: "jalr zero,0(ra)" as const }
      : each,
  );
  const sizes = closed.map(({ body }) =>
    body.reduce((sum, text) => sum + (text.startsWith("c.") ? 2 : 4), 4),
  );
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, CODE));
  const symbols: { name: string; address: number; size: number }[] = [];
  const blocks = closed.map(({ body, last, target, symbol }, i): Block => {
    const [address = CODE, size = 0] = [starts[i], sizes[i]];
    if (symbol || symbols.length === 0) symbols.push({ name: `f${symbols.length}`, address, size: 0 });
    const current = symbols[symbols.length - 1];
    if (current) current.size += size;
    const to = `0x${(starts[target % starts.length] ?? CODE).toString(16)}`;
    const lines = [...body, last.replace("target", to)];
    return block(address, lines as [string, ...string[]], current?.name);
  });
  return { symbols: symbols satisfies FakeSymbol[], blocks };
}

/** The blocks that may come after a block. */
function successors({ blocks }: FakeProgram, { pc, size, instructions }: Block): readonly Block[] {
  const last = instructions.at(-1);
  const next = blocks.filter((each) => each.pc === pc + size);
  const target = Number(/0x[0-9a-f]+$/.exec(last?.text ?? "")?.[0]);
  const aimed = blocks.filter((each) => each.pc === target);
  if (last?.isBranch) return [...next, ...aimed];
  if (last?.isJump) return last.name === "jal" ? aimed : blocks;
  return next;
}

function walk(program: FakeProgram, turns: readonly Turn[], code: number): MachineEvent[] {
  const events: MachineEvent[] = [];
  const memory = createFakeMemory();
  memory.set(DATA_START, new Uint8Array(DATA_SIZE));
  let translated = new Set<Block>();
  /** By vCPU: the block that it has executed last, or that it is gone. */
  const at = new Map<number, Block | "new" | "gone">();
  const start = (vcpu: number): void => {
    events.push({ kind: "vcpu-initialized", vcpu });
    at.set(vcpu, "new");
  };
  start(0);
  for (const turn of turns) {
    // vCPUs are counted without gaps.
    const vcpu = Math.min(turn.vcpu, at.size);
    if (!at.has(vcpu)) start(vcpu);
    const last = at.get(vcpu);
    if (last === undefined || last === "gone") continue;
    const ways = last === "new" ? program.blocks : successors(program, last);
    const next = ways[turn.way % ways.length];
    if (next === undefined) continue;
    if (turn.event === "flush") {
      events.push({ kind: "flushed" });
      translated = new Set();
    }
    if (!translated.has(next)) events.push({ kind: "translated", block: next });
    translated.add(next);
    execute(events, memory, vcpu, next, turn);
    at.set(vcpu, next);
    const alive = [...at.values()].filter((each) => each !== "gone").length;
    if (turn.event === "leave" && alive > 1) {
      events.push({ kind: "vcpu-exited", vcpu });
      at.set(vcpu, "gone");
    }
  }
  for (const [vcpu, where] of at) if (where !== "gone") events.push({ kind: "vcpu-exited", vcpu });
  events.push({ kind: "exited", code });
  return events;
}

function execute(events: MachineEvent[], memory: FakeMemory, vcpu: number, of: Block, turn: Turn): void {
  events.push({ kind: "block", vcpu, block: of });
  of.instructions.forEach((instruction, i) => {
    events.push({ kind: "instruction", vcpu, instruction });
    const address = DATA_START + (turn.offsets[i % turn.offsets.length] ?? 0);
    if (instruction.isLoad) events.push(load(memory, vcpu, accessSite(instruction, false), address));
    if (instruction.isStore) {
      const site = accessSite(instruction, true);
      const value = BigInt.asUintN(8 * site.bytes, turn.values[i % turn.values.length] ?? 0n);
      memory.set(address, bytesOf(value, site.bytes));
      events.push({ kind: "access", vcpu, site, address, value });
    }
    if (instruction.name === "ecall") events.push(...systemCall(vcpu, instruction, turn));
  });
}

function load(memory: FakeMemory, vcpu: number, site: AccessSite, address: number): MachineEvent {
  const value = numberOf(memory.read(address, site.bytes) ?? new Uint8Array(site.bytes));
  return { kind: "access", vcpu, site, address, value };
}

function systemCall(vcpu: number, { pc }: Instruction, { call, values }: Turn): MachineEvent[] {
  const { number, result, waits } = call;
  // a7, the last of them, says which call it is.
  const args = Array.from({ length: 8 }, (_, i) => (i === 7 ? BigInt(number) : (values[i] ?? 0n)));
  return [
    { kind: "syscall-entered", vcpu, pc, number, args },
    ...(waits
      ? [
          { kind: "vcpu-idled" as const, vcpu },
          { kind: "vcpu-resumed" as const, vcpu },
        ]
      : []),
    { kind: "syscall-returned", vcpu, result },
  ];
}
