/** A node of a syntax tree, as far as it is looked at here (https://github.com/estree/estree, with Babel's for TypeScript). */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** A parsed module. */
export interface Syntax {
  /** Every node of the tree, outer ones first. */
  readonly nodes: readonly SyntaxNode[];
  /** The source of a node, on one line. */
  textOf(node: SyntaxNode, end?: number): string;
}

/** Parses a module of TypeScript, or its declarations; undefined if it is not one. */
export async function parseModule(source: string, isDeclarations: boolean): Promise<Syntax | undefined> {
  const { parse } = await import("@babel/parser");
  try {
    const file: unknown = parse(source, {
      sourceType: "module",
      plugins: [["typescript", { dts: isDeclarations }]],
    });
    const nodes = isNode(file) ? [...walk(file)] : [];
    return {
      nodes,
      textOf: (node, end = node.end) => source.slice(node.start, end).replaceAll(/\s+/g, " ").trim(),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}

/** The child of that name, if there is one and it is of one of the types. */
export function child(
  node: SyntaxNode | undefined,
  name: string,
  ...types: readonly string[]
): SyntaxNode | undefined {
  const value = node?.[name];
  return isNode(value) && (types.length === 0 || types.includes(value.type)) ? value : undefined;
}

/** The children in the list of that name. */
export function children(node: SyntaxNode | undefined, name: string): readonly SyntaxNode[] {
  const value = node?.[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name that an identifier, a string or the end of a dotted name has. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  const named = child(node, "right") ?? node;
  const name = named?.name ?? named?.value;
  return typeof name === "string" ? name : undefined;
}
