import { type OutputFile, plugin } from "@qpp/core";
import { type Cpu, type MemoryAccess, machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { list, takes } from "../arguments.js";
import { callstack } from "../callstack/contract.js";
import { hex, table } from "../text.js";
import { type TapPoint, tapindump } from "./contract.js";
import { isPoint, nameOf, parsePoint } from "./points.js";

/** A tap point with what went through it. */
interface Tap {
  readonly point: TapPoint;
  readonly file: OutputFile | undefined;
  readonly bytes: Uint8Array;
  length: number;
  total: number;
}

const BUFFER = 4096;

/** Writes the bytes that chosen instructions load or store: PANDA's `tapindump` and `textprinter`. */
export default plugin(tapindump, {
  description: "Writes the bytes that chosen instructions load or store, a file for each",
  requires: { machine, callstack },
  args: takes({
    point: v.pipe(
      list("Tap point: pc, pc:caller, with :w behind it for stores, in hexadecimal; repeatable"),
      v.everyItem(
        isPoint,
        "each must be an address in hexadecimal, as in 10658, 10658:10600 or 10658:10600:w",
      ),
    ),
  }),
  install({ machine, callstack, args, callbacks, onDispose, open, report, summary }) {
    const taps: readonly Tap[] = args.point.map((text) => {
      const point = parsePoint(text);
      const file = open(`tap_${nameOf(point)}.bin`);
      return { point, file, bytes: new Uint8Array(BUFFER), length: 0, total: 0 };
    });
    const flush = (tap: Tap): void => {
      if (tap.length > 0) tap.file?.write(tap.bytes.subarray(0, tap.length));
      tap.length = 0;
    };
    const flushAll = (): void => taps.forEach(flush);
    onDispose(flushAll);
    machine.exited.register(flushAll);

    const word = new Uint8Array(8);
    function through(tap: Tap, { valueLow, valueHigh, bytes }: MemoryAccess): void {
      for (let i = 0; i < bytes; i++) word[i] = (i < 4 ? valueLow : valueHigh) >>> (8 * (i & 3));
      if (tap.length + bytes > BUFFER) flush(tap);
      const data = word.subarray(0, bytes);
      tap.bytes.set(data, tap.length);
      tap.length += bytes;
      tap.total += bytes;
      callbacks.onBytes.run(tap.point, data);
    }
    function accessed(cpu: Cpu, access: MemoryAccess): void {
      const { pc, isStore } = access.site;
      for (const tap of taps) {
        const { point } = tap;
        if (point.pc !== pc || point.isStore !== isStore) continue;
        if (point.caller === undefined || callstack.top(cpu.index)?.callSite === point.caller)
          through(tap, access);
      }
    }
    machine.memory
      .where(({ pc, isStore }) => taps.some(({ point }) => point.pc === pc && point.isStore === isStore))
      .accessed.register(accessed, { registers: "none" });

    const results = () =>
      taps.map(({ point: { pc, caller, isStore }, total }) => ({
        pc: hex(pc),
        caller: caller === undefined ? null : hex(caller),
        isStore,
        bytes: total,
      }));
    report(() => ({ points: results() }));
    summary(() =>
      table(
        ["pc", "caller", "", "bytes"],
        results().map(({ pc, caller, isStore, bytes }) => [
          pc,
          caller ?? "any",
          isStore ? "stored" : "loaded",
          bytes,
        ]),
      ),
    );
  },
});
