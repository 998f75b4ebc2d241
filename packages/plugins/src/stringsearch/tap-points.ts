/** A stream for each tap point: an instruction, in a function that was called from one place, of one process. */
export interface TapPoints<T> {
  of(pid: number, pc: number, caller: number): T;
}

/** Of one instruction. The last caller is mostly the next one, too. */
interface Site<T> {
  readonly callers: Map<number, T>;
  last: number;
  lastStream: T;
}

/** Makes them as they are asked for. */
export function createTapPoints<T>(make: () => T): TapPoints<T> {
  const processes = new Map<number, Map<number, Site<T>>>();
  let running = -1;
  let sites = new Map<number, Site<T>>();
  return {
    of(pid, pc, caller) {
      if (pid !== running) {
        running = pid;
        sites = processes.get(pid) ?? new Map();
        processes.set(pid, sites);
      }
      let site = sites.get(pc);
      if (site === undefined) {
        const stream = make();
        site = { callers: new Map([[caller, stream]]), last: caller, lastStream: stream };
        sites.set(pc, site);
      }
      if (site.last === caller) return site.lastStream;
      const stream = site.callers.get(caller) ?? make();
      site.callers.set(caller, stream);
      site.last = caller;
      site.lastStream = stream;
      return stream;
    },
  };
}
