import type { Contract } from "../contract.js";
import { ContractMismatchError, MissingFunctionError, type QppError } from "../errors.js";

/**
 * What `wanted` declares and `offered`, a contract of the same name, does not, if anything. Contracts need not be one object:
 * two packages may each have a copy.
 *
 * @param requiredBy who wants it, and who requires that one, outermost first; asked only if something is wrong
 */
export function findMismatch(
  requiredBy: () => readonly string[],
  wanted: Contract,
  offered: Contract,
): QppError | undefined {
  if (wanted === offered) return undefined;
  const { name } = wanted;
  const message = (kind: string, entry: string): string =>
    `plugin "${requiredBy().at(-1)}" requires ${kind} "${name}.${entry}", which the contract of the loaded "${name}" does not ` +
    "declare; the two were made for different versions of it";
  const lost = Object.keys(wanted.functions).find((entry) => !(entry in offered.functions));
  if (lost !== undefined)
    return new MissingFunctionError(name, lost, message("function", lost), requiredBy());
  for (const [kind, group] of [
    ["callback", "callbacks"],
    ["value", "values"],
  ] as const) {
    const missing = Object.keys(wanted[group]).find((entry) => !(entry in offered[group]));
    if (missing !== undefined) return new ContractMismatchError(message(kind, missing), requiredBy());
  }
  return undefined;
}
