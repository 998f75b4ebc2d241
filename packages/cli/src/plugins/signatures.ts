import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Contract } from "@qpp/core";
import { type Entry, entriesOf } from "./contract-source.js";
import { child, children, nameOf, parseModule, type Syntax, type SyntaxNode } from "./syntax.js";

/** How an entry of a contract is used. */
export interface Signature {
  /** What stands after its name: `(x: number): number`. */
  readonly text: string;
  /** What its comment says. */
  readonly about: string | undefined;
}

/** Where the contract of a plugin mostly is; the declarations of its implementation need not import it. */
const CONVENTION = "./contract.js";

/**
 * Types are gone when a plugin runs, so they are read where they stand: in the source of its module and of those that this one
 * imports by a relative path, or in the declarations (`.d.ts`) beside them. See docs/decisions/0021.
 *
 * @param file the plugin's module
 * @returns by the entry's name; empty if nothing can be read there
 */
export async function readSignatures(
  file: string,
  contract: Contract,
): Promise<ReadonlyMap<string, Signature>> {
  const entry = await readModule(file);
  if (entry === undefined) return new Map();
  const imported = new Set([...importsOf(entry), CONVENTION]);
  const modules = await Promise.all([...imported].map((path) => readModule(join(dirname(file), path))));
  for (const syntax of [...modules, entry]) {
    if (syntax === undefined) continue;
    const entries = entriesOf(contract.name, syntax);
    const signatures = entries.flatMap((each) => {
      const text = signatureOf(each, contract, syntax);
      return text === undefined ? [] : [[each.name, { text, about: each.about }] as const];
    });
    if (signatures.length > 0) return new Map(signatures);
  }
  return new Map();
}

/** Parses the TypeScript that a module's file is, or was made from, or is described by. */
async function readModule(file: string): Promise<Syntax | undefined> {
  const stem = file.replace(/\.([cm]?)[jt]s$/, "");
  const [, kind = ""] = /\.([cm]?)[jt]s$/.exec(file) ?? [];
  for (const path of [`${stem}.${kind}ts`, `${stem}.d.${kind}ts`]) {
    let source: string;
    try {
      source = readFileSync(path, "utf8");
    } catch {
      continue;
    }
    return parseModule(source, /\.d\.[cm]?ts$/.test(path));
  }
  return undefined;
}

function importsOf({ nodes }: Syntax): string[] {
  return nodes.flatMap((node) => {
    if (node.type !== "ImportDeclaration") return [];
    const path = nameOf(child(node, "source"));
    return path?.startsWith(".") ? [path] : [];
  });
}

function signatureOf({ name, types }: Entry, contract: Contract, syntax: Syntax): string | undefined {
  const [first, second] = types;
  if (first === undefined) return undefined;
  if (name in contract.callbacks) return callbackText(first, second, syntax);
  return name in contract.functions ? functionText(first, syntax) : `: ${syntax.textOf(first)}`;
}

function callbackText(args: SyntaxNode, result: SyntaxNode | undefined, { textOf }: Syntax): string {
  const list =
    args.type === "TSTupleType"
      ? children(args, "elementTypes")
          .map((each) => textOf(each))
          .join(", ")
      : `...args: ${textOf(args)}`;
  const hasResult = result !== undefined && result.type !== "TSVoidKeyword";
  return `(${list})${hasResult ? `: ${textOf(result)}` : ""}`;
}

function functionText(type: SyntaxNode, { textOf }: Syntax): string {
  const result = child(type, "typeAnnotation");
  const returned = child(result, "typeAnnotation");
  if (type.type !== "TSFunctionType" || !result || !returned) return `: ${textOf(type)}`;
  // The node of the result begins at the arrow.
  return `${textOf(type, result.start)}: ${textOf(returned)}`;
}
