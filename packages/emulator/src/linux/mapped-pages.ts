import type { Mapping as ContractMapping, MappedFile } from "../contract/mapping.js";
import { Permission } from "../memory/layout.js";
import type { Mapping } from "../memory/mappings.js";
import type { SharedObject } from "../memory/shared-object.js";
import type { PageSource } from "../memory/source.js";

const described = new WeakMap<Mapping, ContractMapping>();
const files = new WeakMap<PageSource | SharedObject, MappedFile>();

/** A mapping as plugins see it: the same object for the same mapping. */
export function mappingForPlugins(mapping: Mapping): ContractMapping {
  const known = described.get(mapping);
  if (known) return known;
  const { start, end, prot, shared, name, offset } = mapping;
  const made: ContractMapping = {
    start,
    end,
    readable: (prot & Permission.READ) !== 0,
    writable: (prot & Permission.WRITE) !== 0,
    executable: (prot & Permission.EXEC) !== 0,
    shared,
    name,
    offset: mapping.file ? offset : 0,
    file: fileOf(mapping),
  };
  described.set(mapping, made);
  return made;
}

function fileOf({ file, name, source, object }: Mapping): MappedFile | undefined {
  const key = object ?? source;
  if (!file || key === undefined) return undefined;
  const known = files.get(key);
  if (known) return known;
  const bytes = (): PageSource | undefined => object?.source ?? source;
  const made: MappedFile = {
    path: name,
    size: () => bytes()?.size() ?? 0,
    read(offset, length) {
      const into = new Uint8Array(Math.max(0, Math.min(length, made.size() - offset)));
      return into.subarray(0, Math.max(0, bytes()?.read(into, offset) ?? 0));
    },
  };
  files.set(key, made);
  return made;
}
