import { plugin } from "@qpp/core";
import { machine as machineContract } from "@qpp/emulator/contract";
import { attach, createRecorded, type Guest, type Recorded } from "./machine.js";
import type { Observed } from "./observed.js";

/** The whole event stream of a run, in one number. */
export interface Digest extends Observed {
  /** Hash of all events in their order: blocks, instructions, accesses with values, system calls with results. */
  readonly hash: number;
  /** How many events that was. */
  readonly events: number;
}

/** A hash that depends on the order of what goes into it: murmur3's mixing step. */
function createHash(): { add(value: number): void; readonly value: number } {
  let hash = 0;
  return {
    add(value) {
      let k = Math.imul(value, 0xcc9e_2d51);
      k = Math.imul((k << 15) | (k >>> 17), 0x1b87_3593);
      hash ^= k;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
    },
    get value() {
      return hash >>> 0;
    },
  };
}

const Kind = { BLOCK: 1, INSTRUCTION: 2, ACCESS: 3, ENTRY: 4, RETURN: 5 } as const;

/** Runs a guest, as `run` runs it, and digests its events. */
export async function digest(guest: Guest, run: (recorded: Recorded) => void): Promise<Digest> {
  const recorded = createRecorded(guest);
  const hash = createHash();
  let events = 0;
  const digesting = plugin("digest", {
    requires: { machine: machineContract },
    install({ machine: { blocks, instructions, memory, syscalls } }) {
      const event = (kind: number, pc: number): void => {
        events++;
        hash.add(kind);
        hash.add(pc);
      };
      const wide = (value: number): void => {
        hash.add(value);
        hash.add(Math.floor(value / 0x1_0000_0000));
      };
      blocks.executed.register((_cpu, block) => event(Kind.BLOCK, block.pc));
      instructions.executed.register((_cpu, instruction) => event(Kind.INSTRUCTION, instruction.pc));
      memory.accessed.register((_cpu, access) => {
        event(Kind.ACCESS, access.site.pc);
        hash.add(access.address);
        hash.add(access.valueLow);
        hash.add(access.valueHigh);
        hash.add(access.isStore ? access.bytes : -access.bytes);
      });
      syscalls.entered.register((call) => {
        event(Kind.ENTRY, call.pc);
        hash.add(call.number);
        for (const arg of call.args) wide(arg);
      });
      syscalls.returned.register((call) => {
        event(Kind.RETURN, call.pc);
        wide(call.result);
      });
    },
  });
  await attach(recorded, digesting);
  run(recorded);
  return { ...recorded.observed(), hash: hash.value, events };
}
