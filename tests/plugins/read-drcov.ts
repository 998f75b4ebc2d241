/** What a drcov file says. */
export interface Drcov {
  readonly modules: readonly { readonly base: number; readonly end: number; readonly path: string }[];
  readonly blocks: readonly { readonly start: number; readonly size: number; readonly module: number }[];
}

/**
 * Reads a drcov file as Lighthouse's parser does, after the description of the format in DynamoRIO's documentation of `drcov`: a text
 * of known lines, a table whose columns are named in it, and then binary entries of eight bytes.
 */
export function readDrcov(file: Uint8Array): Drcov {
  const bytes = Buffer.from(file);
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf("\n", at);
    if (end < 0) throw new Error("the header has no end");
    const text = bytes.toString("utf8", at, end);
    at = end + 1;
    return text;
  };
  const matched = (pattern: RegExp): string[] => {
    const text = line();
    const found = pattern.exec(text);
    if (found === null) throw new Error(`${text} is not ${pattern}`);
    return found.slice(1);
  };
  matched(/^DRCOV VERSION: 2$/);
  matched(/^DRCOV FLAVOR: drcov(?:-64)?$/);
  const [count = ""] = matched(/^Module Table: version 2, count (\d+)$/);
  const [names = ""] = matched(/^Columns: (.*)$/);
  const columns = names.split(", ");
  const modules = Array.from({ length: Number(count) }, (_, id) => {
    // The path is the last column, and may have commas in it.
    const cells = line().split(", ");
    const cell = (name: string): string => cells[columns.indexOf(name)]?.trim() ?? "";
    if (Number(cell("id")) !== id) throw new Error(`module ${cell("id")} has the place of ${id}`);
    const path = cells.slice(columns.indexOf("path")).join(", ");
    return { base: Number(cell("base")), end: Number(cell("end")), path };
  });
  const [blockCount = ""] = matched(/^BB Table: (\d+) bbs$/);
  const blocks = Array.from({ length: Number(blockCount) }, (_, i) => ({
    start: bytes.readUInt32LE(at + 8 * i),
    size: bytes.readUInt16LE(at + 8 * i + 4),
    module: bytes.readUInt16LE(at + 8 * i + 6),
  }));
  if (bytes.length !== at + 8 * blocks.length) throw new Error("there is more than the table says");
  return { modules, blocks };
}
