import type { Block, Instruction } from "../contract/instruction.js";
import { eventText, type MachineEvent } from "./stream.js";

/** Where one vCPU is. */
interface Place {
  block: Block | undefined;
  /** Instructions of the block that have begun. */
  begun: number;
  instruction: Instruction | undefined;
  inCall: boolean;
  gone: boolean;
}

/**
 * What the first event is that no machine would tell at its place, and why; undefined if there is none. Streams of the real
 * machine and those of {@link machineStreams} have none.
 */
export function findDisorder(events: readonly MachineEvent[]): string | undefined {
  const places = new Map<number, Place>();
  let translated = new Set<number>();
  let ended = false;
  for (const [i, event] of events.entries()) {
    const problem = ended ? "the guest has ended" : look(event, places, translated);
    if (problem !== undefined) return `event ${i}, "${eventText(event)}": ${problem}`;
    if (event.kind === "flushed") translated = new Set();
    if (event.kind === "exited") ended = true;
  }
  return ended ? undefined : "the guest does not end";
}

function look(event: MachineEvent, places: Map<number, Place>, translated: Set<number>): string | undefined {
  if (event.kind === "translated") {
    translated.add(event.block.pc);
    return undefined;
  }
  if (event.kind === "flushed") return undefined;
  if (event.kind === "exited")
    return [...places.values()].every(({ gone }) => gone) ? undefined : "a vCPU has not exited";
  const { vcpu } = event;
  if (event.kind === "vcpu-initialized") {
    if (vcpu !== places.size) return `the next vCPU is ${places.size}`;
    places.set(vcpu, { block: undefined, begun: 0, instruction: undefined, inCall: false, gone: false });
    return undefined;
  }
  const place = places.get(vcpu);
  if (place === undefined || place.gone) return "there is no such vCPU";
  return onVcpu(event, place, translated);
}

function onVcpu(
  event: Exclude<MachineEvent, { kind: "translated" | "flushed" | "exited" | "vcpu-initialized" }>,
  place: Place,
  translated: ReadonlySet<number>,
): string | undefined {
  const { block, begun, instruction } = place;
  const complete = block === undefined || begun === block.instructions.length;
  switch (event.kind) {
    case "block":
      if (!translated.has(event.block.pc)) return "the block has not been translated";
      if (!complete) return "the block before has not come to its end";
      if (place.inCall) return "a system call has not returned";
      Object.assign(place, { block: event.block, begun: 0, instruction: undefined });
      return undefined;
    case "instruction":
      if (event.instruction.pc !== block?.instructions[begun]?.pc)
        return "it is not the next one of its block";
      Object.assign(place, { instruction: event.instruction, begun: begun + 1 });
      return undefined;
    case "access":
      if (event.site.pc !== instruction?.pc) return "the present instruction is another one";
      return (event.site.isStore ? instruction.isStore : instruction.isLoad)
        ? undefined
        : "the instruction makes no such access";
    case "syscall-entered":
      if (instruction?.name !== "ecall" || event.pc !== instruction.pc) return "there is no ecall";
      place.inCall = true;
      return undefined;
    case "syscall-returned":
      if (!place.inCall) return "no system call has been entered";
      place.inCall = false;
      return undefined;
    case "vcpu-exited":
      place.gone = true;
      return undefined;
    case "discontinuity":
      // A fault ends the block where it is.
      Object.assign(place, { block: undefined, begun: 0, instruction: undefined });
      return undefined;
    default:
      return undefined;
  }
}
