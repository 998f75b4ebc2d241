/** What can stand in a table. */
export type Cell = string | number;

/** Rows under their heads, in columns two spaces apart: numbers to the right, texts to the left. Ends without a newline. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [heads, ...rows];
  const columns = heads.map((_, column) => {
    const width = Math.max(...lines.map((line) => String(line[column] ?? "").length));
    const numeric = rows.length > 0 && rows.every((row) => typeof row[column] === "number");
    return (cell: Cell): string => (numeric ? String(cell).padStart(width) : String(cell).padEnd(width));
  });
  return lines
    .map((line) =>
      columns
        .map((format, i) => format(line[i] ?? ""))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A number as C prints it with `0x%x`. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Every line that is not empty, two blanks further to the right. */
export function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
