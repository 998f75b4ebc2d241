import CliTable from "cli-table3";

/** A table: what the first column is about stands at its head. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** What a reader must know to understand the figures. */
  readonly notes?: readonly string[];
}

/** The table for a terminal. */
export function asText({ head, rows, notes = [] }: Table): string {
  const made = new CliTable({ style: { head: [], border: [] }, head: [...head] });
  made.push(...rows.map((row) => [...row]));
  return [made.toString(), ...notes].join("\n");
}

/** The table in Markdown, columns aligned: text to the left, figures to the right. */
export function asMarkdown({ head, rows, notes = [] }: Table): string {
  const cells = rows.map((row) => row.map((cell) => String(cell).replaceAll("|", "\\|")));
  const width = head.map((name, i) => Math.max(3, name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const pad = (text: string, i: number): string =>
    i === 0 ? text.padEnd(width[i] ?? 0) : text.padStart(width[i] ?? 0);
  const line = (row: readonly string[]): string => `| ${row.map(pad).join(" | ")} |`;
  const rule = width.map((w, i) => (i === 0 ? "-".repeat(w) : `${"-".repeat(w - 1)}:`));
  const list = notes.length > 0 ? `\n\n${notes.join("\n")}` : "";
  return [line(head), `| ${rule.join(" | ")} |`, ...cells.map(line)].join("\n") + list;
}
