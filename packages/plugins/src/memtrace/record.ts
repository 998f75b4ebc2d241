import type { Imports } from "@qpp/core";
import type { AccessSite, Block, Cpu, Instruction, machine, TraceBatch } from "@qpp/emulator/contract";
import { accessesOf } from "./places.js";
import type { EventColumns, TraceWriter } from "./trace-writer.js";

type Machine = Imports<typeof machine>;

/** So many that what is done for each batch does not count, and so few that they are still in the processor's caches. */
const BATCH = 4096;
const NONE = new Uint32Array(0);

/** Places of what is translated: each block is defined when it is. */
interface Places {
  ofBlock(block: Block): number;
  ofSite(site: AccessSite): number;
}

function createPlaces(writer: TraceWriter): Places {
  const firstSite = new WeakMap<Instruction, number>();
  return {
    ofBlock(block) {
      const place = writer.place(block);
      let site = place + 1;
      for (const instruction of block.instructions) {
        firstSite.set(instruction, site);
        site += accessesOf(instruction);
      }
      return place;
    },
    ofSite({ instruction, isStore }) {
      const first = firstSite.get(instruction);
      if (first === undefined)
        throw new Error(`the access at 0x${instruction.pc.toString(16)} is in no block`);
      return isStore && instruction.isLoad ? first + 1 : first;
    },
  };
}

/** Has the writer begin anew with another vCPU or process. What was recorded before has been handed over by then. */
function createSwitch({ process, processChanged }: Machine, writer: TraceWriter): (vcpu: number) => void {
  let present = -1;
  let pid = process().pid;
  processChanged.register((now) => {
    present = -1;
    pid = now.pid;
  });
  return (vcpu) => {
    if (vcpu === present) return;
    present = vcpu;
    writer.begin(vcpu, pid);
  };
}

/** Records blocks and addresses: in translated code, by places that are known when it is translated. */
export function recordAddresses(machine: Machine, writer: TraceWriter): undefined {
  const places = createPlaces(writer);
  const switchTo = createSwitch(machine, writer);
  machine.traces.batch(
    { block: places.ofBlock, access: places.ofSite },
    ({ vcpu, length, tag, address }: TraceBatch) => {
      switchTo(vcpu);
      writer.add({ length, place: tag, address, valueLow: NONE, valueHigh: NONE });
    },
    { capacity: BATCH },
  );
}

/** Records values as well: by a callback for each event, as traces have no values. Gives what hands over what is left. */
export function recordValues(machine: Machine, writer: TraceWriter): () => void {
  const places = createPlaces(writer);
  // Registered before the switch's own listener: what was recorded before belongs to the process before.
  machine.processChanged.register(() => flush());
  const switchTo = createSwitch(machine, writer);
  const columns: EventColumns & { length: number } = {
    length: 0,
    place: new Uint32Array(BATCH),
    address: new Uint32Array(BATCH),
    valueLow: new Uint32Array(BATCH),
    valueHigh: new Uint32Array(BATCH),
  };
  let vcpu = 0;
  const flush = (): void => {
    if (columns.length === 0) return;
    switchTo(vcpu);
    writer.add(columns);
    columns.length = 0;
  };
  const room = (cpu: Cpu): number => {
    if (columns.length === BATCH || cpu.index !== vcpu) flush();
    vcpu = cpu.index;
    return columns.length++;
  };
  // Each translation's: told before anything of it is executed.
  const placeOfBlock = new WeakMap<Block, number>();
  machine.blocks.translated.register((block) => void placeOfBlock.set(block, places.ofBlock(block)));
  machine.blocks.executed.register(
    (cpu, block) => {
      const i = room(cpu);
      columns.place[i] = placeOfBlock.get(block) ?? 0;
    },
    { registers: "none" },
  );
  machine.memory.accessed.register(
    (cpu, access) => {
      const i = room(cpu);
      columns.place[i] = places.ofSite(access.site);
      columns.address[i] = access.address;
      columns.valueLow[i] = access.valueLow;
      columns.valueHigh[i] = access.valueHigh;
    },
    { registers: "none" },
  );
  return flush;
}
