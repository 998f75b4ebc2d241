import { plugin } from "@qpp/core";
import { type Cpu, type MemoryAccess, machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { list, oneOf, takes, wholeNumber } from "../arguments.js";
import { symbols } from "../symbols/contract.js";
import { hex, table } from "../text.js";
import { type Watch, type Watched, type WatchedAccess, type WatchKind, watch } from "./contract.js";
import { createShadow, difference, type Shadow, valueText } from "./shadow.js";

const MOST_BYTES = 4096;
/** The largest access. */
const WORD = 8;
/** Lines of the table. */
const LAST = 20;

/** Which of the watched bytes. */
type Span = Pick<WatchedAccess, "offset" | "length">;

/** Watches memory: who reads and writes it, and what it was before. */
export default plugin(watch, {
  description: "Data watchpoints: who reads and writes some memory, with old and new value",
  requires: { machine, symbols },
  args: takes({
    symbol: list("Variable to watch; repeatable"),
    addr: v.optional(
      v.pipe(
        v.string(),
        v.description("Address to watch, in hexadecimal"),
        v.regex(/^(0x)?[\da-f]{1,8}$/i, "it must be an address in hexadecimal"),
        v.transform((text) => Number.parseInt(text, 16)),
      ),
    ),
    size: wholeNumber("Bytes to watch at addr", { least: 1, most: MOST_BYTES, initial: WORD }),
    kind: oneOf(
      "What to tell: changes of the value, all writes, reads, or all accesses",
      ["change", "w", "r", "rw"],
      "change",
    ),
  }),
  install({ machine, symbols, args, callbacks, log, openTable, report, summary }) {
    interface WatchSet {
      readonly watched: Watched;
      readonly shadow: Shadow;
      readonly kind: WatchKind;
    }
    let all: readonly WatchSet[] = [];
    let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];

    function renew(sets: readonly WatchSet[]): void {
      all = sets;
      lowest = Math.min(...sets.map(({ watched }) => watched.address));
      highest = Math.max(0, ...sets.map(({ watched }) => watched.address + watched.size));
    }
    function add(watched: Watched, kind: WatchKind): WatchSet {
      const { address, size } = watched;
      if (!(size >= 1 && size <= MOST_BYTES))
        throw new RangeError(`${watched.name} has ${size} bytes; 1 to ${MOST_BYTES} can be watched`);
      const shadow = createShadow(() => machine.memory.read(address, size));
      shadow.look(machine.process().pid);
      const set = { watched, shadow, kind };
      if (kind === "r" || kind === "rw") watchLoads();
      renew([...all, set]);
      return set;
    }
    const remove = (sets: readonly WatchSet[]): void => renew(all.filter((set) => !sets.includes(set)));

    /** Tells what has happened to watched bytes, if that is wanted, and remembers what they are now. */
    function stored(cpu: Cpu, { watched, shadow, kind: wanted }: WatchSet, at?: Span): void {
      const seen = shadow.look(machine.process().pid);
      const change = seen && difference(seen.before, seen.after);
      if (seen === undefined || wanted === "r") return;
      if (change === undefined && (at === undefined || wanted === "change")) return;
      const span = at ?? change ?? { offset: 0, length: 0 };
      tell(cpu, { watched, kind: at === undefined ? "syscall" : "store", pc: cpu.pc, ...span, ...seen });
    }
    function loaded(cpu: Cpu, { watched, shadow, kind: wanted }: WatchSet, span: Span): void {
      // Not as they are now: an atomic access has stored already.
      const before = shadow.known(machine.process().pid);
      if (before === undefined || wanted === "w" || wanted === "change") return;
      tell(cpu, { watched, kind: "load", pc: cpu.pc, ...span, before, after: before });
    }
    function accessed(cpu: Cpu, { address, bytes, isStore }: MemoryAccess): void {
      if (address >= highest || address + bytes <= lowest) return;
      for (const set of all) {
        const { watched } = set;
        const first = Math.max(address, watched.address);
        const length = Math.min(address + bytes, watched.address + watched.size) - first;
        if (length > 0) (isStore ? stored : loaded)(cpu, set, { offset: first - watched.address, length });
      }
    }
    machine.memory.where(({ isStore }) => isStore).accessed.register(accessed);
    let areLoadsWatched = false;
    /** Only when somebody wants to know: there are more of them. */
    function watchLoads(): void {
      if (!areLoadsWatched) machine.memory.where(({ isStore }) => !isStore).accessed.register(accessed);
      areLoadsWatched = true;
    }
    machine.syscalls.returned.register(({ cpu }) => {
      for (const set of all) stored(cpu, set);
    });
    const lookAgain = (): void => {
      for (const { shadow } of all) shadow.look(machine.process().pid);
    };
    machine.processChanged.register(lookAgain);
    machine.mapped.register(lookAgain);
    machine.processEnded.register(({ pid }) => {
      for (const { shadow } of all) shadow.forget(pid);
    });

    function watchSymbol(symbol: string, wanted: WatchKind): Watch {
      const mine: WatchSet[] = [];
      const find = (): void => {
        for (const { start, size, kind, name } of symbols.find(symbol)) {
          if (kind !== "object" || mine.some(({ watched }) => watched.address === start)) continue;
          mine.push(add({ name, address: start, size: Math.max(1, size) }, wanted));
        }
      };
      find();
      const loading = symbols.objectLoaded.register(find);
      return {
        end() {
          loading.unsubscribe();
          remove(mine);
        },
      };
    }
    for (const symbol of args.symbol) watchSymbol(symbol, args.kind);
    if (args.addr !== undefined)
      add({ name: hex(args.addr), address: args.addr, size: args.size }, args.kind);

    const placeOf = (pc: number): string => {
      const symbol = symbols.lookup(pc);
      return symbol === undefined ? hex(pc) : `${symbol.name}+${hex(symbol.offset)}`;
    };
    const isAsked = args.symbol.length > 0 || args.addr !== undefined;
    const accesses: { name: string; kind: string; place: string; before: string; after: string }[] = [];
    let count = 0;
    const rows = isAsked
      ? openTable("watched_accesses", {
          name: ["text", "What is watched, with the offset of a part of it"],
          pid: ["integer", "The process"],
          vcpu: ["integer", "The vCPU"],
          kind: ["text", "load or store"],
          pc: ["address", "Address of the instruction"],
          place: ["text", "Function and offset of the instruction"],
          before: ["text", "What was there, a number in hexadecimal or bytes"],
          after: ["text", "What is there then, likewise"],
        })
      : undefined;
    function tell(cpu: Cpu, access: WatchedAccess): void {
      const { watched, kind, pc, offset, length } = access;
      if (isAsked) {
        count++;
        const part = (bytes: Uint8Array): string => valueText(bytes.subarray(offset, offset + length));
        const values = { before: part(access.before), after: part(access.after) };
        const name = length === watched.size ? watched.name : `${watched.name}+${offset}`;
        const line = { name, kind, place: placeOf(pc), ...values };
        accesses.push(line);
        rows?.add({ ...line, pid: machine.process().pid, vcpu: cpu.index, pc });
        if (accesses.length > LAST) accesses.shift();
        const value = kind === "load" ? values.after : `${values.before} -> ${values.after}`;
        log(`${name}: ${kind} at ${line.place}: ${value}`);
      }
      callbacks.onAccess.run(cpu, access);
    }
    report(() => ({ accesses: count, last: accesses }));
    summary(() => {
      if (!isAsked) return undefined;
      if (all.length === 0) return "nothing of that name is there";
      const rows = accesses.map(({ name, kind, place, before, after }) => [name, kind, place, before, after]);
      return `${count} accesses; the last of them:\n${table(["what", "access", "at", "before", "after"], rows)}`;
    });
    return {
      watch(what, wanted = "change") {
        if ("symbol" in what) return watchSymbol(what.symbol, wanted);
        const set = add({ name: hex(what.address), ...what }, wanted);
        return { end: () => remove([set]) };
      },
    };
  },
});
