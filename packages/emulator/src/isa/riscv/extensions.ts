/** Extensions beyond RV64GC that a processor can be asked to have, by the manual's names. */
export const OPTIONAL_EXTENSIONS = ["Zba", "Zbb", "Zbs", "Zicond"] as const;

/** One of {@link OPTIONAL_EXTENSIONS}. */
export type OptionalExtension = (typeof OPTIONAL_EXTENSIONS)[number];

/** What brings an instruction: a part of RV64GC (IMAFDC, Zicsr, Zifencei), an optional extension, or privileged modes. */
export type Extension = "I" | "M" | "A" | "F" | "D" | "Zicsr" | "Zifencei" | "privileged" | OptionalExtension;

/** The optional extensions that a processor has. */
export type Extensions = ReadonlySet<OptionalExtension>;

/** A processor without any of them. */
export const RV64GC: Extensions = new Set();

/** A processor with all of them. */
export const EVERY_EXTENSION: Extensions = new Set(OPTIONAL_EXTENSIONS);

/** Whether an extension has to be asked for. */
export function isOptional(extension: Extension): extension is OptionalExtension {
  return (EVERY_EXTENSION as ReadonlySet<Extension>).has(extension);
}
