import { child, children, nameOf, type Syntax, type SyntaxNode } from "./syntax.js";

/** An entry of a contract, as its source has it. */
export interface Entry {
  readonly name: string;
  /** What is between `<` and `>` of `callback<…>()`, `fn<…>()` or `value<…>()`. */
  readonly types: readonly SyntaxNode[];
  /** The text of the comment above it. */
  readonly about: string | undefined;
}

const GROUPS = ["callbacks", "functions", "values"];

/**
 * The entries of the contract `name`, where a module has it: as `contract("name", { … })`, or, in declarations, as the type
 * `Contract<"name", …>`. None if the module does not have it in one of these forms.
 */
export function entriesOf(name: string, syntax: Syntax): readonly Entry[] {
  for (const node of syntax.nodes) {
    const groups = node.type === "CallExpression" ? groupsOfCall(name, node) : groupsOfType(name, node);
    const members = groups.flatMap((group) => membersOf(group, syntax));
    const entries = members.flatMap((member) => entryOf(member) ?? []);
    if (entries.some(({ types }) => types.length > 0)) return entries;
  }
  return [];
}

function groupsOfCall(name: string, node: SyntaxNode): readonly SyntaxNode[] {
  const [first, second] = children(node, "arguments");
  if (nameOf(child(node, "callee")) !== "contract" || nameOf(first) !== name) return [];
  return children(second, "properties").flatMap((property) =>
    GROUPS.includes(nameOf(child(property, "key")) ?? "") ? (child(property, "value") ?? []) : [],
  );
}

function groupsOfType(name: string, node: SyntaxNode): readonly SyntaxNode[] {
  if (typeName(node) !== "Contract") return [];
  const [first, ...groups] = typeArguments(node);
  return nameOf(child(first, "literal")) === name ? groups : [];
}

/** The members of a group: an object, a type of an object, or the name of such a type in the same module. */
function membersOf(group: SyntaxNode, syntax: Syntax): readonly SyntaxNode[] {
  if (group.type === "ObjectExpression") return children(group, "properties");
  if (group.type === "TSTypeLiteral") return children(group, "members");
  const name = typeName(group);
  const [inner] = typeArguments(group);
  if (name === "NoInfer" && inner) return membersOf(inner, syntax);
  const declared = syntax.nodes.find(
    (node) => node.type === "TSTypeAliasDeclaration" && nameOf(child(node, "id")) === name,
  );
  const literal = child(declared, "typeAnnotation", "TSTypeLiteral");
  return literal ? membersOf(literal, syntax) : [];
}

function entryOf(member: SyntaxNode): Entry | undefined {
  const name = nameOf(child(member, "key"));
  const value = child(member, "value") ?? child(child(member, "typeAnnotation"), "typeAnnotation");
  if (name === undefined || value === undefined) return undefined;
  return { name, types: typeArguments(value), about: comment(member) };
}

/** The last part of the name of `a.b.Name` and `import("a").Name`. */
function typeName(node: SyntaxNode): string | undefined {
  if (node.type === "TSTypeReference") return nameOf(child(node, "typeName"));
  return node.type === "TSImportType" ? nameOf(child(node, "qualifier")) : undefined;
}

function typeArguments(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  return children(child(node, "typeParameters"), "params");
}

/** The last comment in front of a node, if it is one for documentation: without its stars, on one line. */
function comment(node: SyntaxNode): string | undefined {
  const text = children(node, "leadingComments").at(-1)?.value;
  if (typeof text !== "string" || !text.startsWith("*")) return undefined;
  return text
    .slice(1)
    .replaceAll(/^\s*\*/gm, "")
    .replaceAll(/\{@link (\S+?)\}/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
}
