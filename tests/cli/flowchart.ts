import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";

/** What Mermaid finds in a flowchart. */
export interface Flowchart {
  readonly boxes: readonly {
    readonly id: string;
    readonly shape: string;
    readonly lines: readonly string[];
  }[];
  readonly arrows: readonly {
    readonly from: string;
    readonly to: string;
    /** `normal` or `dotted`. */
    readonly stroke: string;
    /** `arrow_point`, or `arrow_open` for a line without a head. */
    readonly end: string;
    readonly lines: readonly string[];
  }[];
}

/** As far as it is used here; the package has no types. */
interface Mermaid {
  parse(text: string): Promise<unknown>;
  readonly mermaidAPI: {
    getDiagramFromText(text: string): Promise<{
      readonly type: string;
      readonly db: {
        getVertices(): ReadonlyMap<
          string,
          { readonly id: string; readonly type?: string; readonly text?: string }
        >;
        getEdges(): readonly Record<"start" | "end" | "stroke" | "type" | "text", string>[];
      };
    }>;
  };
}

let loading: Promise<Mermaid> | undefined;

/**
 * Reads a flowchart by Mermaid's own parser (https://mermaid.js.org), which `@mermaid-js/tiny` has in one file.
 * @throws what Mermaid throws where it finds an error
 */
export async function parseFlowchart(text: string): Promise<Flowchart> {
  loading ??= loadMermaid();
  const { type, db } = await (await loading).mermaidAPI.getDiagramFromText(text);
  if (type !== "flowchart-v2") throw new Error(`Mermaid takes this for a ${type}`);
  return {
    boxes: [...db.getVertices().values()].map(({ id, type = "", text = "" }) => ({
      id,
      shape: type,
      lines: linesOf(text),
    })),
    arrows: db.getEdges().map(({ start, end, stroke, type, text }) => ({
      from: start,
      to: end,
      stroke,
      end: type,
      lines: text === "" ? [] : linesOf(text),
    })),
  };
}

/** Mermaid is a script for browsers. To read, it needs no more of one than what its sanitizer of HTML asks for when it is loaded. */
async function loadMermaid(): Promise<Mermaid> {
  const require = createRequire(import.meta.url);
  const document = { nodeType: 9, implementation: {}, createElement: () => ({}) };
  const browser = { console, setTimeout, structuredClone, window: { document, Element: class {} } };
  runInContext(readFileSync(require.resolve("@mermaid-js/tiny"), "utf8"), createContext(browser));
  const { mermaid } = browser as typeof browser & { mermaid: Mermaid };
  // The first one makes it register its kinds of diagrams.
  await mermaid.parse("flowchart LR\n  a\n");
  return mermaid;
}

/** The lines of a label. Until it draws, Mermaid keeps `#34;` as `ﬂ°°34¶ß`. */
function linesOf(label: string): string[] {
  return label
    .split("<br/>")
    .map((line) => line.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code))));
}
