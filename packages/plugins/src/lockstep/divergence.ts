import { indented, table } from "../text.js";
import type { Divergence } from "./exchange.js";
import type { BlockPlace, End, SideState } from "./protocol.js";

/** A register that differs. */
export interface DifferingRegister {
  readonly name: string;
  readonly here: string;
  readonly there: string;
}

/** The registers that differ, but for the pc, which is where the sides are; empty if they are not read. */
export function differingRegisters({ here, there }: Divergence): readonly DifferingRegister[] {
  return Object.entries(here.registers ?? {}).flatMap(([name, value]) => {
    const other = there.registers?.[name];
    return name === "pc" || other === undefined || other === value
      ? []
      : [{ name, here: value, there: other }];
  });
}

/** What is the first difference, for people. */
export function divergenceText(divergence: Divergence): string {
  const { index, here, there } = divergence;
  const registers = differingRegisters(divergence);
  const sides = table(
    ["side", "insns", "vCPU", "is at"],
    [
      ["here", here.insns, here.block?.vcpu ?? "-", whereabouts(here)],
      ["there", there.insns, there.block?.vcpu ?? "-", whereabouts(there)],
    ],
  );
  const parts = [`the two differ at block ${index}`, indented(sides)];
  if (here.last !== null) parts.push(indented(`after ${here.last}`));
  if (registers.length > 0) {
    const rows = registers.map(({ name, here: own, there: theirs }) => [name, own, theirs]);
    parts.push(indented(table(["register", "here", "there"], rows)));
  } else if (here.registers !== null && there.registers !== null) parts.push("  no register differs");
  parts.push(
    indented(
      table(
        ["before", "insns"],
        here.before.map((each) => [placeText(each), each.insns]),
      ),
    ),
  );
  if (here.block) parts.push(`  here\n${indented(indented(here.block.text.join("\n")))}`);
  const sameCode = here.block?.text.join() === there.block?.text.join();
  if (there.block && !sameCode) parts.push(`  there\n${indented(indented(there.block.text.join("\n")))}`);
  return parts.join("\n");
}

/** The same in one line. */
export function divergenceLine({ index, here, there }: Divergence): string {
  return `block ${index} differs, after ${here.insns} instructions: ${whereabouts(here)} here, ${whereabouts(there)} there`;
}

function whereabouts({ block, end }: SideState): string {
  if (block) return placeText(block);
  return end ? endText(end) : "its end";
}

function placeText({ pc, symbol }: BlockPlace): string {
  return `0x${pc.toString(16)}${symbol === null ? "" : ` <${symbol}>`}`;
}

/** How a side has ended, for people. */
export function endText({ code, signal, stopped }: End): string {
  if (stopped !== null) return `stopped (${stopped})`;
  return signal === null ? `ended with exit code ${code}` : `ended by ${signal}`;
}
