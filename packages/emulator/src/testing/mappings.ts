import type { MappedFile, Mapping } from "../contract/mapping.js";

/** What can be said of a mapping of a fake machine; what is left out is false, 0, or empty. */
export type FakeMapping = Pick<Mapping, "start" | "end"> & Partial<Mapping>;

/** A mapping with all that the contract wants of one: named after its file, unless told. */
export function completeMapping(mapping: FakeMapping): Mapping {
  const { start, end, readable = true, writable = false, executable = false, shared = false } = mapping;
  const { file, offset = 0, name = file?.path ?? "" } = mapping;
  return { start, end, readable, writable, executable, shared, name, offset, file };
}

/** What is left of mappings when a range has gone. */
export function withoutRange(mappings: readonly Mapping[], start: number, end: number): Mapping[] {
  return mappings.flatMap((mapping) => {
    if (mapping.end <= start || mapping.start >= end) return [mapping];
    const left = mapping.start < start ? [{ ...mapping, end: start }] : [];
    const offset = mapping.file ? mapping.offset + (end - mapping.start) : 0;
    const right = mapping.end > end ? [{ ...mapping, start: end, offset }] : [];
    return [...left, ...right];
  });
}

/**
 * A file to be mapped in a fake machine.
 *
 * @example
 * ```ts
 * fake.map({ start: 0x1_0000, end: 0x1_4000, executable: true, file: mappedFile("/lib/libc.so.6", bytes) });
 * ```
 */
export function mappedFile(path: string, bytes: Uint8Array): MappedFile {
  return {
    path,
    size: () => bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
