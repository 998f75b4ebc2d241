import type { RegisterDescriptor } from "@qpp/emulator/contract";

/** A disassembler's name where gdb has another one. */
const WRITTEN: Readonly<Record<string, string>> = { fp: "s0" };

/**
 * The registers whose names one of the patterns is.
 *
 * @throws Error if a pattern is the name of none
 */
export function registersNamed(
  patterns: readonly string[],
  list: readonly RegisterDescriptor[],
): readonly RegisterDescriptor[] {
  const expressions = patterns.map((pattern) => {
    const expression = expressionOf(pattern);
    if (list.some(({ name }) => expression.test(name))) return expression;
    throw new Error(
      `reg=${pattern}: there is no such register; names are gdb's: ${list.map(({ name }) => name).join(", ")}`,
    );
  });
  return list.filter(({ name }) => expressions.some((expression) => expression.test(name)));
}

/** As GLib's `GPatternSpec` takes a pattern: * stands for any text, ? for any character. */
function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** Whether the operands of a disassembled instruction contain one of the names, be it as a part of another one. */
export function mentions(text: string, registers: readonly RegisterDescriptor[]): boolean {
  const blank = text.indexOf(" ");
  const operands = blank < 0 ? "" : text.slice(blank);
  return registers.some(({ name }) => operands.includes(WRITTEN[name] ?? name));
}
