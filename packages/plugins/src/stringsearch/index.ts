import { plugin } from "@qpp/core";
import { type Cpu, type MemoryAccess, machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, list, takes } from "../arguments.js";
import { callstack } from "../callstack/contract.js";
import { symbols } from "../symbols/contract.js";
import { hex, table } from "../text.js";
import { stringsearch } from "./contract.js";
import { createMatcher } from "./matcher.js";
import { createTapPoints } from "./tap-points.js";

/** Finds strings in what the guest loads and stores: PANDA's `stringsearch`. */
export default plugin(stringsearch, {
  description: "Finds strings in what the guest loads and stores, with who does it",
  requires: { machine, callstack, symbols },
  args: takes({
    str: list("Text to look for; repeatable"),
    hex: v.pipe(
      list("Bytes to look for, in hexadecimal: 89504e47; repeatable"),
      v.everyItem(
        (text) => /^([\da-f]{2})+$/i.test(text),
        "each must be hexadecimal digits, two for each byte",
      ),
    ),
    loads: flag("Look at what is loaded", true),
    stores: flag("Look at what is stored", true),
  }),
  install({ machine, callstack, symbols, args, callbacks, report, summary }) {
    const matcher = createMatcher();
    const search = (string: string | Uint8Array): void =>
      matcher.add(typeof string === "string" ? new TextEncoder().encode(string) : string);
    for (const text of args.str) search(text);
    for (const text of args.hex) search(Uint8Array.from(Buffer.from(text, "hex")));

    const taps = createTapPoints(matcher.stream);
    const found = new Map<
      string,
      { string: string; pc: number; place: string; caller: string; isStore: boolean; count: number }
    >();
    const placeOf = (address: number): string => {
      const symbol = symbols.lookup(address);
      return symbol === undefined ? hex(address) : `${symbol.name}+${hex(symbol.offset)}`;
    };

    function matched(cpu: Cpu, number: number, address: number, isStore: boolean, caller: number): void {
      const bytes = matcher.strings[number] ?? new Uint8Array();
      const { pc } = cpu;
      const place = placeOf(pc);
      const from = caller === 0 ? "" : placeOf(caller);
      const key = `${number} ${isStore} ${place} ${from}`;
      const known = found.get(key) ?? { string: textOf(bytes), pc, place, caller: from, isStore, count: 0 };
      known.count++;
      found.set(key, known);
      callbacks.onMatch.run(cpu, { bytes, pc, caller, address, isStore });
    }
    function look(cpu: Cpu, { address, valueLow, valueHigh, bytes, isStore }: MemoryAccess): void {
      const caller = callstack.top(cpu.index)?.callSite ?? 0;
      const stream = taps.of(machine.process().pid, cpu.pc, caller);
      for (let i = 0; i < bytes; i++) {
        const word = i < 4 ? valueLow : valueHigh;
        const ended = stream.take((word >>> (8 * (i & 3))) & 0xff);
        for (const number of ended) matched(cpu, number, address + i, isStore, caller);
      }
    }
    machine.memory
      .where(({ isStore }) => (isStore ? args.stores : args.loads))
      .accessed.register(look, { registers: "none" });

    const matches = () => [...found.values()].sort((a, b) => b.count - a.count || a.pc - b.pc);
    report(() => ({ matches: matches().map(({ pc, ...rest }) => ({ ...rest, pc: hex(pc) })) }));
    summary(() =>
      table(
        ["count", "string", "", "at", "called from"],
        matches().map(({ count, string, isStore, place, caller }) => [
          count,
          string,
          isStore ? "stored" : "loaded",
          place,
          caller,
        ]),
      ),
    );
    return { search };
  },
});

/** As a text where it is one; what is no character of ASCII as an escape. */
const textOf = (bytes: Uint8Array): string =>
  `"${Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("")}"`;
