import type { TapPoint } from "./contract.js";

/** A tap point as it is written: `pc`, `pc:caller`, with `:w` behind it for what is stored; in hexadecimal. */
const FORM = /^(?:0x)?([\da-f]{1,8})(?::(?:0x)?([\da-f]{1,8}))?(:w)?$/i;

/** Whether a text is a tap point. */
export const isPoint = (text: string): boolean => FORM.test(text);

/** Reads one. @throws RangeError unless {@link isPoint} */
export function parsePoint(text: string): TapPoint {
  const [, pc, caller, store] = FORM.exec(text) ?? [];
  if (pc === undefined) throw new RangeError(`${text} is no tap point`);
  return {
    pc: Number.parseInt(pc, 16),
    caller: caller === undefined ? undefined : Number.parseInt(caller, 16),
    isStore: store !== undefined,
  };
}

/** A name for a file. */
export const nameOf = ({ pc, caller, isStore }: TapPoint): string =>
  [pc.toString(16), caller?.toString(16) ?? "any", isStore ? "w" : "r"].join("_");
