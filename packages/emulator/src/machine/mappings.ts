import type { OwnedCallbacks } from "@qpp/core";
import type { GuestProcess } from "../contract/life.js";
import type { Mapping } from "../contract/mapping.js";
import type { MachineCallbacks } from "../contract.js";
import { mappingForPlugins } from "../linux/mapped-pages.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { compareMappings } from "../memory/mapping-changes.js";
import type { Mapping as MemoryMapping } from "../memory/mappings.js";

/** What works out what plugins are told of mappings. */
export interface MappingEvents {
  /** What is mapped in the running process: the same array for as long as nothing changes. */
  list(): readonly Mapping[];
  /** Another process runs, or another program: what it begins with is not told. */
  begin(): void;
  /** To be called after each system call: tells what it has changed. Costs a comparison if nothing has. */
  tell(): void;
}

/** What {@link createMappingEvents} works with. */
export interface MappingParts {
  /** The memory of the running process. */
  readonly memory: () => GuestMemory;
  readonly process: () => GuestProcess;
  readonly callbacks: () => OwnedCallbacks<MachineCallbacks> | undefined;
  /** Hands over what is recorded of the time before. */
  readonly drain: () => void;
}

/** Makes what tells of the running process's mappings, from what there is on. */
export function createMappingEvents({ memory, process, callbacks, drain }: MappingParts): MappingEvents {
  const lists = new WeakMap<GuestMemory, { readonly stamp: number; readonly list: readonly Mapping[] }>();
  /** What plugins were told last, or could have asked. */
  let told: { readonly memory: GuestMemory; readonly stamp: number; readonly list: readonly MemoryMapping[] };

  function begin(): void {
    const { mappings, mappingsStamp } = memory();
    told = { memory: memory(), stamp: mappingsStamp, list: [...mappings] };
  }

  begin();
  return {
    begin,
    list() {
      const { mappings, mappingsStamp: stamp } = memory();
      const known = lists.get(memory());
      if (known?.stamp === stamp) return known.list;
      const list = mappings.map(mappingForPlugins);
      lists.set(memory(), { stamp, list });
      return list;
    },
    tell() {
      const { mappingsStamp } = memory();
      if (told.memory === memory() && told.stamp === mappingsStamp) return;
      const before = told;
      begin();
      const out = callbacks();
      if (before.memory !== memory() || out === undefined || out.mapped.size + out.unmapped.size === 0)
        return;
      const { unmapped, mapped } = compareMappings(before.list, told.list);
      if (unmapped.length + mapped.length === 0) return;
      drain();
      for (const { start, end } of unmapped) out.unmapped.run(process(), start, end);
      for (const mapping of mapped) out.mapped.run(process(), mappingForPlugins(mapping));
    },
  };
}
