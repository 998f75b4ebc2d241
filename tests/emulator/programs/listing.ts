import { disassemble } from "../../../packages/emulator/src/isa/riscv/disassemble.js";
import type { Built } from "./build.js";
import { CODE_ADDRESS } from "./layout.js";

/** Text of the program's own code, without what loads and dumps registers: one instruction a line. */
function codeText({ code, names }: Built): string {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const lines: string[] = [];
  const start = Math.min(...[...names].filter(([, name]) => /^f\d+$/.test(name)).map(([pc]) => pc));
  for (let pc = start; pc - CODE_ADDRESS < code.length; ) {
    const name = names.get(pc);
    if (name !== undefined) lines.push(`${name}:`);
    const low = view.getUint16(pc - CODE_ADDRESS, true);
    const long = (low & 3) === 3;
    const bits = long ? view.getUint32(pc - CODE_ADDRESS, true) : low;
    const digits = bits.toString(16).padStart(long ? 8 : 4, "0");
    lines.push(`  ${pc.toString(16)}: ${digits.padEnd(8)}  ${disassemble(bits, pc)}`);
    pc += long ? 4 : 2;
  }
  return lines.join("\n");
}

/** The program as an assembler would list it, and what the registers in it start with. */
export function listing(built: Built): string {
  const text = codeText(built);
  const named = new Set(text.match(/\b[a-z]+\d*\b/g));
  const registers = [...built.start]
    .filter(([name]) => name === "fcsr" || (name !== "zero" && named.has(name)))
    .map(([name, value]) => `  ${name} = 0x${value.toString(16).padStart(16, "0")}`);
  return [text, "starting with", ...registers].join("\n");
}
