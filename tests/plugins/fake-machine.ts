import { type Consumer, type Plugin, perConsumer, plugin } from "@qpp/core";
import {
  type AccessSite,
  type Block,
  type BlockBatch,
  type BlockEvents,
  type Cpu,
  type GuestProcess,
  type Instruction,
  type InstructionBatch,
  type InstructionEvents,
  type MemoryAccess,
  type MemoryBatch,
  type MemoryEvents,
  machine,
  type SyscallBatch,
  type SyscallEntry,
  type SyscallEvents,
  type SyscallReturn,
  type SyscallReturnBatch,
  type SyscallSite,
  type VcpuEvents,
} from "@qpp/emulator/contract";
import { syscallSignature } from "@qpp/emulator/syscalls";
import { FakeEvents, unused } from "./fake-lanes.js";

/** A system call to be made: the rest of what a plugin sees of it is looked up or 0. */
export interface FakeCall {
  readonly number: number;
  readonly args?: readonly number[];
  /** Without one, the call does not return. */
  readonly result?: number;
  readonly pc?: number;
}

/** A machine without an emulator: whatever happens in it is made to happen by hand. */
export interface FakeMachine {
  readonly plugin: Plugin;
  translate(block: Block): void;
  /** The block, and then each of its instructions. */
  execute(block: Block, vcpu?: number): void;
  access(instruction: Instruction, access: { isStore: boolean; address: number; value: bigint }): void;
  call(call: FakeCall): void;
  idle(vcpu: number): void;
  exit(code: number): void;
  /** What plugins read of the guest's memory. */
  readonly memory: Map<number, Uint8Array>;
  process: GuestProcess;
}

/** An instruction of the fake machine; `text` is its disassembly, its first word the name. */
export function instruction(
  pc: number,
  text: string,
  facts: { size?: 2 | 4; bytes?: 1 | 2 | 4 | 8; symbol?: string } = {},
): Instruction {
  const name = text.split(" ")[0] ?? "";
  return {
    pc,
    size: facts.size ?? 4,
    data: 0,
    name,
    text,
    symbol: facts.symbol,
    accessBytes: facts.bytes,
    isLoad: /^l[bhwd]u?$/.test(name),
    isStore: /^s[bhwd]$/.test(name),
    isBranch: name.startsWith("b"),
    isCall: false,
    isReturn: false,
    isJump: name.startsWith("j"),
    hardwareAddress: () => unused("hardware address"),
  };
}

/** A block of instructions that follow each other. */
export function block(...instructions: readonly [Instruction, ...Instruction[]]): Block {
  const size = instructions.reduce((sum, each) => sum + each.size, 0);
  return { pc: instructions[0].pc, size, instructions, symbol: instructions[0].symbol };
}

export function createFakeMachine(): FakeMachine {
  const translated = new FakeEvents<[Block], Block, never, Block>(
    (block) => block,
    () => unused("batch of translations"),
  );
  const idled = new FakeEvents<[Cpu], Cpu, never, undefined>(
    (cpu) => cpu,
    () => unused("batch of vCPUs"),
  );
  const blocks = new FakeEvents<[Cpu, Block], { cpu: Cpu; block: Block }, BlockBatch, Block>(
    (cpu, block) => ({ cpu, block }),
    () => unused("batch of blocks"),
  );
  const instructions = new FakeEvents<
    [Cpu, Instruction],
    { cpu: Cpu; instruction: Instruction },
    InstructionBatch,
    Instruction
  >(
    (cpu, instruction) => ({ cpu, instruction }),
    () => unused("batch of instructions"),
  );
  const accesses = new FakeEvents<
    [Cpu, MemoryAccess],
    { cpu: Cpu; access: MemoryAccess },
    MemoryBatch,
    AccessSite
  >(
    (cpu, access) => ({ cpu, access }),
    (events) => memoryBatch(events.map(([, access]) => access)),
  );
  const entered = new FakeEvents<[SyscallEntry], SyscallEntry, SyscallBatch, SyscallSite>(
    (call) => call,
    () => unused("batch of system calls"),
  );
  const returned = new FakeEvents<[SyscallReturn], SyscallReturn, SyscallReturnBatch, SyscallSite>(
    (call) => call,
    () => unused("batch of system calls"),
  );

  const executed: number[] = [];
  const cpu = (index: number, pc: number): Cpu => ({
    index,
    pc,
    executed: executed[index] ?? 0,
    get registers() {
      return unused("registers");
    },
    setPc: () => unused("setPc"),
  });

  const blockEvents = (consumer: Consumer, accepts: (block: Block) => boolean): BlockEvents => ({
    where: (predicate) => blockEvents(consumer, (block) => accepts(block) && predicate(block)),
    translated: translated.lanes(consumer, accepts),
    executed: blocks.lanes(consumer, accepts),
  });
  const instructionEvents = (
    consumer: Consumer,
    accepts: (of: Instruction) => boolean,
  ): InstructionEvents => ({
    where: (predicate) => instructionEvents(consumer, (each) => accepts(each) && predicate(each)),
    executed: instructions.lanes(consumer, accepts),
  });
  const memoryEvents = (consumer: Consumer, accepts: (site: AccessSite) => boolean): MemoryEvents => ({
    where: (predicate) => memoryEvents(consumer, (site) => accepts(site) && predicate(site)),
    accessed: accesses.lanes(consumer, accepts),
    read: (address, length) => fake.memory.get(address)?.slice(0, length),
    readString: (address) => {
      const bytes = fake.memory.get(address);
      return bytes && new TextDecoder().decode(bytes);
    },
    write: () => unused("writing"),
    translate: () => unused("translate"),
    readHardware: () => unused("readHardware"),
    writeHardware: () => unused("writeHardware"),
  });
  const syscallEvents = (consumer: Consumer, accepts: (site: SyscallSite) => boolean): SyscallEvents => ({
    where: (predicate) => syscallEvents(consumer, (site) => accepts(site) && predicate(site)),
    entered: entered.lanes(consumer, accepts),
    returned: returned.lanes(consumer, accepts),
    filter: () => unused("filter"),
  });

  let exited: (code: number) => void = () => unused("exit before it is loaded");
  const fake: FakeMachine = {
    memory: new Map(),
    process: { pid: 100, ppid: 1, name: "guest" },
    translate: (block) => translated.fire(block, 0, block),
    execute(block, vcpu = 0) {
      blocks.fire(block, vcpu, cpu(vcpu, block.pc), block);
      for (const each of block.instructions) {
        instructions.fire(each, vcpu, cpu(vcpu, each.pc), each);
        executed[vcpu] = (executed[vcpu] ?? 0) + 1;
      }
    },
    access(instruction, { isStore, address, value }) {
      const bytes = instruction.accessBytes ?? unused("access of an instruction without one");
      const site: AccessSite = {
        instruction,
        pc: instruction.pc,
        bytes,
        isStore,
        isLoad: !isStore,
        isSigned: false,
        isBigEndian: false,
        isAtomic: false,
      };
      const access: MemoryAccess = {
        site,
        address,
        valueLow: Number(value & 0xffff_ffffn),
        valueHigh: Number(value >> 32n),
        value,
        isStore,
        bytes,
        hardwareAddress: () => unused("hardware address"),
      };
      accesses.fire(site, 0, cpu(0, instruction.pc), access);
    },
    call({ number, args = [], result, pc = 0x1_0000 }) {
      const name = syscallSignature(number)?.name ?? `syscall_${number}`;
      const all = Array.from({ length: 8 }, (_, i) => args[i] ?? 0);
      const rawArgs = all.map((arg) => BigInt.asUintN(64, BigInt(arg)));
      const entry: SyscallEntry = {
        cpu: cpu(0, pc),
        pc,
        number,
        name,
        args: rawArgs.map(Number),
        rawArgs,
      };
      entered.fire({ number, name }, 0, entry);
      if (result === undefined) return;
      returned.fire({ number, name }, 0, { ...entry, result, error: result < 0 ? `E${-result}` : undefined });
    },
    idle: (vcpu) => idled.fire(undefined, vcpu, cpu(vcpu, 0)),
    exit(code) {
      for (const events of [blocks, instructions, accesses, entered, returned]) events.flush();
      exited(code);
    },
    plugin: plugin(machine, {
      install({ callbacks }) {
        exited = (code) => callbacks.exited.run(code, { code, signal: undefined, stopped: undefined });
        return {
          process: () => fake.process,
          executed: () => executed.reduce((sum, count) => sum + count, 0),
          stop: () => unused("stop"),
          flush: () => unused("flush"),
          blocks: perConsumer((consumer) => blockEvents(consumer, () => true)),
          instructions: perConsumer((consumer) => instructionEvents(consumer, () => true)),
          memory: perConsumer((consumer) => memoryEvents(consumer, () => true)),
          syscalls: perConsumer((consumer) => syscallEvents(consumer, () => true)),
          vcpus: perConsumer((consumer) => vcpuEvents(idled.lanes(consumer, () => true))),
          scoreboards: { create: () => unused("scoreboards") },
          program: {
            path: "guest",
            args: [],
            startCode: 0x1000,
            endCode: 0x10000,
            entry: 0x1000,
            symbolAt: () => undefined,
          },
          clock: { nanoseconds: 0, request: () => unused("clock") },
        };
      },
    }),
  };
  return fake;
}

function memoryBatch(accesses: readonly MemoryAccess[]): MemoryBatch {
  return {
    length: accesses.length,
    vcpu: 0,
    address: Uint32Array.from(accesses, ({ address }) => address),
    pc: Uint32Array.from(accesses, ({ site }) => site.pc),
    valueLow: Uint32Array.from(accesses, ({ valueLow }) => valueLow),
    valueHigh: Uint32Array.from(accesses, ({ valueHigh }) => valueHigh),
    info: new Uint32Array(accesses.length),
    site: (i) => accesses[i]?.site ?? unused("such access"),
  };
}

function vcpuEvents(idled: VcpuEvents["idled"]): VcpuEvents {
  return {
    count: 1,
    list: [],
    idled,
    get initialized() {
      return unused("initialized");
    },
    get exited() {
      return unused("exited");
    },
    get resumed() {
      return unused("resumed");
    },
  };
}
