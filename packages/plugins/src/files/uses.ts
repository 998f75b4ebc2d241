import type { GuestProcess } from "@qpp/emulator/contract";
import type { FileUse } from "./contract.js";

/** Sums up what is done with files. */
export interface Uses {
  opened(process: GuestProcess, path: string, error: string | undefined): void;
  read(process: GuestProcess, path: string, bytes: number): void;
  written(process: GuestProcess, path: string, bytes: number): void;
  mapped(process: GuestProcess, path: string, bytes: number): void;
  all(): readonly FileUse[];
}

/** Starts with none. */
export function createUses(): Uses {
  type Sum = { -readonly [K in Exclude<keyof FileUse, "failures" | "processes">]: FileUse[K] };
  const files = new Map<string, { sum: Sum; failures: Map<string, number>; processes: Set<string> }>();
  function useOf({ name, pid }: GuestProcess, path: string) {
    const known = files.get(path) ?? {
      sum: { path, opens: 0, reads: 0, bytesRead: 0, writes: 0, bytesWritten: 0, bytesMapped: 0 },
      failures: new Map<string, number>(),
      processes: new Set<string>(),
    };
    files.set(path, known);
    known.processes.add(`${name} ${pid}`);
    return known;
  }
  return {
    opened(process, path, error) {
      const { sum, failures } = useOf(process, path);
      if (error === undefined) sum.opens++;
      else failures.set(error, (failures.get(error) ?? 0) + 1);
    },
    read(process, path, bytes) {
      const { sum } = useOf(process, path);
      sum.reads++;
      sum.bytesRead += bytes;
    },
    written(process, path, bytes) {
      const { sum } = useOf(process, path);
      sum.writes++;
      sum.bytesWritten += bytes;
    },
    mapped(process, path, bytes) {
      useOf(process, path).sum.bytesMapped += bytes;
    },
    all: () =>
      [...files.values()].map(({ sum, failures, processes }) => ({
        ...sum,
        failures: Object.fromEntries(failures),
        processes: [...processes],
      })),
  };
}
