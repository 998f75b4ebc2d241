import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { DiscontinuityKind } from "../contract/life.js";
import type { FakeProgram } from "./program.js";

/** Something that happens in a machine, on the vCPU of this number. */
export type MachineEvent =
  | {
      readonly kind: "vcpu-initialized" | "vcpu-exited" | "vcpu-idled" | "vcpu-resumed";
      readonly vcpu: number;
    }
  | { readonly kind: "translated"; readonly block: Block }
  | { readonly kind: "block"; readonly vcpu: number; readonly block: Block }
  | { readonly kind: "instruction"; readonly vcpu: number; readonly instruction: Instruction }
  | {
      readonly kind: "access";
      readonly vcpu: number;
      readonly site: AccessSite;
      readonly address: number;
      /** Zero-extended from its size. */
      readonly value: bigint;
    }
  | {
      readonly kind: "syscall-entered";
      readonly vcpu: number;
      readonly pc: number;
      readonly number: number;
      /** a0 to a7, modulo 2^64. Those that are missing are 0, but for a7, which is the number. */
      readonly args: readonly bigint[];
    }
  /** The call that the vCPU entered last came back. */
  | { readonly kind: "syscall-returned"; readonly vcpu: number; readonly result: number }
  | {
      readonly kind: "discontinuity";
      readonly vcpu: number;
      readonly type: DiscontinuityKind;
      readonly from: number;
      readonly to: number | undefined;
      readonly signal: string | undefined;
    }
  /** All translated code is thrown away. */
  | { readonly kind: "flushed" }
  /** The guest has ended; nothing comes after it. */
  | { readonly kind: "exited"; readonly code: number; readonly signal?: string };

/** What a made-up program does, from its start to its end. */
export interface MachineStream {
  readonly program: FakeProgram;
  readonly events: readonly MachineEvent[];
}

const hex = (address: number): string => `0x${address.toString(16)}`;

/** An event as one line of text. */
export function eventText(event: MachineEvent): string {
  switch (event.kind) {
    case "translated":
      return `translated ${hex(event.block.pc)}: ${event.block.instructions.map(({ text }) => text).join("; ")}`;
    case "block":
      return `${event.vcpu}: block ${hex(event.block.pc)}`;
    case "instruction":
      return `${event.vcpu}:   ${hex(event.instruction.pc)} ${event.instruction.text}`;
    case "access":
      return `${event.vcpu}:     ${event.site.isStore ? "store" : "load"} ${hex(event.address)} 0x${event.value.toString(16)}`;
    case "syscall-entered":
      return `${event.vcpu}:     syscall ${event.number}(${event.args.join(", ")})`;
    case "syscall-returned":
      return `${event.vcpu}:     returned ${event.result}`;
    case "discontinuity":
      return `${event.vcpu}: ${event.type} ${event.signal ?? ""} from ${hex(event.from)}`;
    case "flushed":
      return "flushed";
    case "exited":
      return `exited ${event.code}`;
    default:
      return `${event.vcpu}: ${event.kind}`;
  }
}
