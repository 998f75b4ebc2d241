import type { HookedCall, HookedResult, HookListener } from "./contract.js";

/** A function to be traced, and how its arguments are shown: a letter for each, and after `=` one for the result. */
export interface Traced {
  readonly target: string;
  readonly args: readonly Format[];
  readonly result: Format;
}

/** Hexadecimal, decimal with a sign, decimal without one, string, double, nothing. */
type Format = (typeof FORMATS)[number];
const FORMATS = ["x", "d", "u", "s", "f", "-"] as const;

const isFormat = (letter: string): letter is Format => FORMATS.some((format) => format === letter);

/** Reads `malloc:u=x`, `puts:s=d` or `malloc` alone. A colon of a C++ name is none of these. */
export function parseTraced(text: string): Traced {
  const [, target = text, args = "xxxx", result = "x"] =
    /^(.*[^:]):([xdusf]*)(?:=([xdusf-]))?$/.exec(text) ?? [];
  return { target, args: [...args].filter(isFormat), result: isFormat(result) ? result : "x" };
}

/** Shows calls as a C programmer writes them, when they end: `malloc(32) = 0x2a010`. */
export function tracing({ args, result }: Traced, show: (line: string) => void): HookListener<string> {
  return {
    onEnter(call) {
      let [words, doubles] = [0, 0];
      const texts = args.map((format) =>
        format === "f" ? String(call.doubleArg(doubles++)) : shown(format, call.bigArg(words++), call),
      );
      return `${call.name}(${texts.join(", ")})`;
    },
    onLeave(call, given, text) {
      const indent = "  ".repeat(Math.min(call.depth, DEEPEST));
      show(`${indent}${text} ${ending(result, given, call)}`.trimEnd());
    },
  };
}

const DEEPEST = 20;

function ending(format: Format, result: HookedResult | undefined, call: HookedCall): string {
  if (result === undefined) return "did not return";
  if (format === "-") return "";
  return `= ${format === "f" ? result.doubleValue : shown(format, result.bigValue, call)}`;
}

function shown(format: Format, word: bigint, call: HookedCall): string {
  if (format === "d") return String(BigInt.asIntN(64, word));
  if (format === "u") return String(word);
  const text = format === "s" ? call.string(Number(word)) : undefined;
  return text === undefined ? `0x${word.toString(16)}` : JSON.stringify(text);
}
