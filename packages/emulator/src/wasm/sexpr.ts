/** A piece of WebAssembly's text format (core specification, "Text Format"): a head, and what it is applied to. */
export interface Sexpr {
  /** A keyword, and what belongs to it: `i64.load offset=8`. */
  readonly head: string;
  readonly parts: readonly Sexpr[];
  /** `list`: its parts are statements, each on a line of its own; `block`: so is its end; `line`: the head is all of it. */
  readonly kind?: "list" | "block" | "line";
}

const WIDTH = 110;
const STEP = "  ";

/** Texts as lines of an enclosing piece, as many on one line as there is room for. */
export function paragraph(texts: readonly string[]): Sexpr[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < WIDTH - STEP.length)
      lines.push(`${lines.pop()} ${text}`);
    else lines.push(text);
  }
  return lines.map((head) => ({ head, parts: [], kind: "line" }));
}

/** On one line; undefined if there are lines in it, or more than `room` characters. */
function flat({ head, parts, kind }: Sexpr, room: number): string | undefined {
  if (kind === "block" || (kind === "list" && parts.length > 1)) return undefined;
  let text = `(${head}`;
  for (const part of parts) {
    const more = flat(part, room - text.length - 2);
    if (more === undefined) return undefined;
    text += ` ${more}`;
  }
  return text.length < room ? `${text})` : undefined;
}

/**
 * Lines of text, each expression on one line if that is not too long for it. A block that begins with a block stands on the
 * line with it: what leaves a region has so many of them that there would be no room for anything else.
 */
export function layout(sexpr: Sexpr, indent = ""): string[] {
  if (sexpr.kind === "line") return [indent + sexpr.head];
  const line = flat(sexpr, WIDTH - indent.length);
  if (line !== undefined) return [indent + line];
  const { head, parts, kind } = sexpr;
  if (kind === "block") return blockLines(sexpr, indent);
  const [first, ...others] = parts;
  // The condition of an `if` stays with it.
  const beside = head === "if" && first !== undefined ? flat(first, WIDTH - indent.length - 4) : undefined;
  const below = beside === undefined ? parts : others;
  const lines = [`${indent}(${head}${beside === undefined ? "" : ` ${beside}`}`];
  for (const part of below) lines.push(...layout(part, indent + STEP));
  // In front of what the last line says of a block's end.
  lines.push(`${lines.pop()}`.replace(/( ;; .*)?$/, ")$1"));
  return lines;
}

function blockLines(outermost: Sexpr, indent: string): string[] {
  const nested = [outermost];
  for (let [inner] = outermost.parts; inner?.kind === "block"; [inner] = inner.parts) nested.push(inner);
  const lines: string[] = [];
  let line = indent;
  for (const { head } of nested) {
    if (line.length + head.length > WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `(${head} `;
  }
  lines.push(line.trimEnd());
  nested.toReversed().forEach(({ head, parts }, at) => {
    const own = at === 0 ? parts : parts.slice(1);
    for (const part of own) lines.push(...layout(part, indent + STEP));
    const [keyword, name = ""] = head.split(" ");
    lines.push(`${indent}) ;; ${keyword} ${name}`.trimEnd());
  });
  return lines;
}
