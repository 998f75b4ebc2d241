/** A fenced block of a Markdown page. */
export interface Block {
  /** The word after the fence: `ts`, `console`. */
  readonly language: string;
  /** What follows it as `file=NAME`. */
  readonly file: string | undefined;
  readonly text: string;
  /** Number of the line after the fence. */
  readonly line: number;
}

/** One command of a console block, and what the page says it prints. */
export interface ConsoleCommand {
  readonly command: string;
  /** Lines; one that is `…` stands for any lines, and `…` in a line for any text. */
  readonly output: readonly string[];
}

/** The fenced blocks of a page, in order. */
export function blocksOf(markdown: string): Block[] {
  const found: Block[] = [];
  for (const match of markdown.matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)) {
    const [, language = "", file, text = ""] = match;
    found.push({ language, file, text, line: markdown.slice(0, match.index).split("\n").length + 1 });
  }
  return found;
}

/** The commands of a console block: each begins with `$ `, and goes on after a backslash at the end of a line. */
export function commandsOf(text: string): ConsoleCommand[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const lines = part.trimEnd().split("\n");
      const end = lines.findIndex((line) => !line.endsWith("\\")) + 1;
      return { command: lines.slice(0, end).join("\n"), output: lines.slice(end) };
    });
}

/** A pattern that matches what the page says, times and speeds apart. */
export function outputPattern(lines: readonly string[]): RegExp {
  const pattern = lines.map((line) => {
    if (line === "…") return "(?:.*\\n)*?";
    const literal = line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*");
    return `${literal.replace(/in \d+\\\.\d+ s, \d+ million/, "in \\d+\\.\\d+ s, \\d+ million")}\\n`;
  });
  return new RegExp(`^${pattern.join("")}$`);
}
