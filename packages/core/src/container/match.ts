import type { Contract } from "../contract.js";
import { ContractMismatchError, MissingFunctionError, type QppError } from "../errors.js";

/**
 * What `wanted` declares and `offered`, a contract of the same name, does not. Contracts need not be one object: two packages
 * may each have a copy.
 *
 * @param requiredBy who wants it, and who requires that one, outermost first; asked only if something is wrong
 */
export function findMismatches(
  requiredBy: () => readonly string[],
  wanted: Contract,
  offered: Contract,
): QppError[] {
  if (wanted === offered) return [];
  const { name } = wanted;
  const message = (kind: string, entry: string): string =>
    `plugin "${requiredBy().at(-1)}" requires ${kind} "${name}.${entry}", which the contract of the loaded "${name}" does not ` +
    "declare; the two were made for different versions of it";
  const missing = (group: "functions" | "callbacks" | "values"): string[] =>
    Object.keys(wanted[group]).filter((entry) => !(entry in offered[group]));
  const mismatch = (kind: string) => (entry: string) =>
    new ContractMismatchError(message(kind, entry), requiredBy());
  return [
    ...missing("functions").map(
      (entry) => new MissingFunctionError(name, entry, message("function", entry), requiredBy()),
    ),
    ...missing("callbacks").map(mismatch("callback")),
    ...missing("values").map(mismatch("value")),
  ];
}
