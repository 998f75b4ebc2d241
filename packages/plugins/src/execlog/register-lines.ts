import type { Block, Cpu, Instruction, RegisterDescriptor } from "@qpp/emulator/contract";
import type { ExeclogArguments } from "./arguments.js";
import { factsOf, type Log, type TakeLines } from "./lines.js";
import { mentions, registersNamed } from "./register-names.js";
import type { Filter } from "./selection.js";

/** Characters that are gathered before they are handed over. */
const CHUNK = 1 << 16;

/** What is done before an instruction is executed. */
interface Step {
  /** Registers are looked at, for the line before. */
  readonly looks: boolean;
  /** What begins its own line; undefined if it gets none. */
  readonly facts: string | undefined;
}

/** A vCPU's log. */
interface VcpuLog {
  /** The line of the last instruction, to which may come what it does; undefined if that gets none. */
  open: string | undefined;
  /** What the registers held when they were looked at last. */
  readonly values: bigint[];
}

/**
 * Makes a log of instructions, accesses and changes of registers, by a call for each event. A line is open until the vCPU executes
 * the next instruction that is watched; if registers are looked at then, those that are not what they were the last time get into
 * it. At the end they are not looked at again, as in QEMU's plugin.
 */
export function createRegisterLines(
  { reg, rdisas }: Pick<ExeclogArguments, "reg" | "rdisas">,
  takeLines: TakeLines,
): Log {
  let registers: readonly RegisterDescriptor[] = [];
  const logs: VcpuLog[] = [];
  const steps = new WeakMap<Instruction, Step>();
  /** Whole lines that are not handed over yet. */
  let closed = "";
  let logged = 0;
  let accesses = 0;

  function logOf({ index, registers: held }: Cpu): VcpuLog {
    const present = logs[index];
    if (present) return present;
    if (registers.length === 0) registers = registersNamed(reg, held.list);
    const made: VcpuLog = { open: undefined, values: registers.map(({ name }) => held.read(name)) };
    logs[index] = made;
    return made;
  }

  function close(log: VcpuLog): void {
    if (log.open === undefined) return;
    closed += `${log.open}\n`;
    log.open = undefined;
    if (closed.length > CHUNK) handOver();
  }

  function handOver(): void {
    if (closed !== "") takeLines(closed);
    closed = "";
  }

  function changes({ values }: VcpuLog, { registers: held }: Cpu): string {
    let told = "";
    for (const [i, { name, bits }] of registers.entries()) {
      const value = held.read(name);
      if (value === values[i]) continue;
      values[i] = value;
      told += `, ${name} -> 0x${value.toString(16).padStart(bits / 4, "0")}`;
    }
    return told;
  }

  /** Before the first instruction of a block registers are always looked at: another block does not know what came before it. */
  function plan({ instructions }: Block, filter: Filter): void {
    let looks = true;
    for (const instruction of instructions) {
      const mentioned = rdisas && mentions(instruction.text, registers);
      const chosen = filter.chooses(instruction);
      const facts = chosen || mentioned ? factsOf(instruction) : undefined;
      if (facts !== undefined || looks) steps.set(instruction, { looks, facts });
      if (rdisas) looks = mentioned || (filter.isGiven && chosen);
    }
  }

  return {
    get instructions() {
      return logged;
    },
    get accesses() {
      return accesses;
    },
    watch({ blocks, instructions, memory, vcpus }, filter) {
      // First the translation is told, then `where` is asked.
      blocks.translated.register((block) => plan(block, filter));
      instructions
        .where((instruction) => steps.has(instruction))
        .executed.register((cpu, instruction) => {
          const step = steps.get(instruction);
          if (step === undefined) return;
          const log = logOf(cpu);
          if (log.open !== undefined && step.looks) log.open += changes(log, cpu);
          close(log);
          if (step.facts === undefined) return;
          log.open = `${cpu.index}, ${step.facts}`;
          logged++;
        });
      memory
        .where(({ instruction }) => steps.get(instruction)?.facts !== undefined)
        .accessed.register(
          ({ index }, { isStore, address }) => {
            const log = logs[index];
            if (log?.open === undefined) return;
            log.open += `, ${isStore ? "store" : "load"}, 0x${address.toString(16).padStart(8, "0")}`;
            accesses++;
          },
          { registers: "none" },
        );
      vcpus.initialized.register((cpu) => void logOf(cpu));
      vcpus.exited.register(({ index }) => {
        const log = logs[index];
        if (log) close(log);
        // Its number may be another thread's, with other values in its registers.
        delete logs[index];
      });
    },
    end() {
      for (const log of logs) if (log) close(log);
      handOver();
    },
  };
}
