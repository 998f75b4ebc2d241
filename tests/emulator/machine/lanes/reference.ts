import type { GuestExit } from "@qpp/emulator";
import type { AccessSite, Block, Cpu, Instruction } from "@qpp/emulator/contract";
import { AccessInfo } from "@qpp/emulator/contract";
import { createRig, type Guest } from "../rig.js";

/** An event as the direct lane tells it, with everything that a lane can tell of it. */
export type Event =
  | { readonly kind: "block"; readonly site: Block; readonly pc: number; readonly columns: readonly number[] }
  | {
      readonly kind: "instruction";
      readonly site: Instruction;
      readonly pc: number;
      readonly columns: readonly number[];
    }
  | {
      readonly kind: "access";
      readonly site: AccessSite;
      readonly pc: number;
      readonly columns: readonly number[];
    };

export type Kind = Event["kind"];

/** What a run did, as seen by nothing but direct listeners. */
export interface Reference {
  readonly events: readonly Event[];
  /** `cpu.executed` at each event. */
  readonly executed: readonly number[];
  readonly exit: GuestExit;
  readonly insns: number;
  readonly output: string;
}

/** The info column, from the site. */
export function infoOf(site: AccessSite): number {
  return (
    [1, 2, 4, 8].indexOf(site.bytes) +
    (site.isSigned ? AccessInfo.SIGNED : 0) +
    (site.isStore ? AccessInfo.STORE : 0) +
    (site.isAtomic ? AccessInfo.ATOMIC : 0)
  );
}

/** Runs a program and writes down all that happens. */
export async function referenceOf(guest: Guest): Promise<Reference> {
  const rig = await createRig(guest);
  const events: Event[] = [];
  const executed: number[] = [];
  const put = (cpu: Cpu, event: Event): void => {
    events.push(event);
    executed.push(cpu.executed);
  };
  rig.api.blocks.executed.register((cpu, site) =>
    put(cpu, { kind: "block", site, pc: cpu.pc, columns: [site.pc, site.instructions.length] }),
  );
  rig.api.instructions.executed.register((cpu, site) =>
    put(cpu, { kind: "instruction", site, pc: cpu.pc, columns: [site.pc] }),
  );
  rig.api.memory.accessed.register((cpu, { site, address, valueLow, valueHigh }) =>
    put(cpu, {
      kind: "access",
      site,
      pc: cpu.pc,
      columns: [address, site.pc, valueLow, valueHigh, infoOf(site)],
    }),
  );
  const exit = rig.run();
  return { events, executed, exit, insns: rig.machine.executed, output: rig.output() };
}
