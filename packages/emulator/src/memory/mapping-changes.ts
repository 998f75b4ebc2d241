import { hasOffset, isAlike, type Mapping } from "./mappings.js";

/** What has become of some mappings. */
export interface MappingChanges {
  /** Ranges that were mapped and are not any more, by address. */
  readonly unmapped: readonly { readonly start: number; readonly end: number }[];
  /** What is mapped now where something else was, or nothing: cut to the pages of which that is so; by address. */
  readonly mapped: readonly Mapping[];
}

/** Compares what was mapped with what is. Both are sorted and disjoint. */
export function compareMappings(before: readonly Mapping[], after: readonly Mapping[]): MappingChanges {
  return {
    unmapped: subtract(before, after, () => true),
    mapped: subtract(after, before, isAlike).map(({ start, end, of }) => cut(of, start, end)),
  };
}

interface Part {
  start: number;
  end: number;
  readonly of: Mapping;
}

/** The parts of mappings that no mapping of `others` covers, of those that are `covering`. */
function subtract(
  from: readonly Mapping[],
  others: readonly Mapping[],
  covering: (mapping: Mapping, other: Mapping) => boolean,
): Part[] {
  const parts: Part[] = [];
  let next = 0;
  for (const mapping of from) {
    let at = mapping.start;
    while ((others[next]?.end ?? mapping.end) <= at && next < others.length) next += 1;
    for (let index = next; at < mapping.end; index += 1) {
      const other = others[index];
      if (!other || other.start >= mapping.end) {
        parts.push({ start: at, end: mapping.end, of: mapping });
        break;
      }
      if (!covering(mapping, other)) continue;
      if (other.start > at) parts.push({ start: at, end: other.start, of: mapping });
      at = Math.max(at, other.end);
    }
  }
  return parts;
}

function cut(mapping: Mapping, start: number, end: number): Mapping {
  if (start === mapping.start && end === mapping.end) return mapping;
  const offset = hasOffset(mapping) ? mapping.offset + (start - mapping.start) : mapping.offset;
  return { ...mapping, start, end, offset };
}
