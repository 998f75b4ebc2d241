import type { GuestProcess, Mapping } from "@qpp/emulator/contract";
import type { LoadedObject } from "./contract.js";

/** What tells of loading and unloading. */
export interface LoadingListener {
  loaded(process: GuestProcess, object: LoadedObject): void;
  unloaded(process: GuestProcess, object: LoadedObject): void;
}

/** The objects of the running process, and those that other processes had when they ran last. */
export interface LoadedObjects {
  /** By address. */
  list(): readonly LoadedObject[];
  /** The one that an address lies in. */
  at(address: number): LoadedObject | undefined;
  /** To be called when another process runs, or something was mapped or unmapped: tells of what has come and gone. */
  update(): void;
  /** A process has ended. */
  forget(pid: number): void;
}

/** Keeps track of objects, from what the running process has at first on. */
export function createLoadedObjects(
  world: {
    readonly process: () => GuestProcess;
    readonly mappings: () => readonly Mapping[];
    readonly find: (mappings: readonly Mapping[]) => readonly LoadedObject[];
  },
  listener: LoadingListener,
): LoadedObjects {
  let seen: readonly Mapping[] | undefined;
  let objects: readonly LoadedObject[] = [];
  let last: LoadedObject | undefined;
  const told = new Map<number, readonly LoadedObject[]>();

  function list(): readonly LoadedObject[] {
    const mappings = world.mappings();
    if (mappings === seen) return objects;
    seen = mappings;
    objects = world.find(mappings);
    last = undefined;
    return objects;
  }

  told.set(world.process().pid, list());
  return {
    list,
    at(address) {
      const all = list();
      if (last && address >= last.start && address < last.end) return last;
      last = all.find(({ start, end }) => address >= start && address < end);
      return last;
    },
    update() {
      const process = world.process();
      const before = told.get(process.pid) ?? [];
      const now = list();
      if (before === now) return;
      told.set(process.pid, now);
      for (const object of before) if (!now.includes(object)) listener.unloaded(process, object);
      for (const object of now) if (!before.includes(object)) listener.loaded(process, object);
    },
    forget(pid) {
      told.delete(pid);
    },
  };
}
