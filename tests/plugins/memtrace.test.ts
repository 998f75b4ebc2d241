import { readFileSync } from "node:fs";
import { createContainer, type OpenFile } from "@qpp/core";
import { block } from "@qpp/emulator/testing";
import memtrace from "@qpp/plugins/memtrace";
import { readTrace } from "@qpp/plugins/memtrace/reader";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TraceWriter } from "../../packages/plugins/src/memtrace/trace-writer.js";
import { createRig, guest, watcher } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";

/** All events of a trace, each as a text. */
async function textsOf(bytes: Uint8Array, piece = 1000): Promise<string[]> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
    bytes.subarray(i * piece, (i + 1) * piece),
  );
  const texts: string[] = [];
  for await (const batch of readTrace(pieces)) {
    for (let i = 0; i < batch.length; i++) {
      const at = batch.at(i);
      const who = `${batch.vcpu} ${batch.pid}`;
      const [address, low, high] = [batch.address[i], batch.valueLow[i] ?? 0, batch.valueHigh[i] ?? 0];
      texts.push(
        at.kind === "block"
          ? `${who} block ${at.pc} ${at.symbol ?? ""} ${at.instructions.map(({ data }) => data)}`
          : `${who} ${at.isStore ? "store" : "load"} ${at.pc} ${at.bytes} ${address} ${low} ${high}`,
      );
    }
  }
  return texts;
}

const BLOCKS = [
  block(0x1000, ["lw a0,0(s0)", "addi s0,s0,4", "bne a0,zero,0x1000"], "scan"),
  block(0x2000, ["amoadd.d a0,a1,(a2)", "sd a0,8(sp)", "jal zero,0x1000"]),
  block(0x3000, ["addi a0,a0,1", "jal zero,0x3000"], "spin"),
];
const makes = (at: number): { isStore: boolean; pc: number; bytes: number }[] =>
  (BLOCKS[at]?.instructions ?? []).flatMap(({ isLoad, isStore, pc, accessBytes = 0 }) => [
    ...(isLoad ? [{ isStore: false, pc, bytes: accessBytes }] : []),
    ...(isStore ? [{ isStore: true, pc, bytes: accessBytes }] : []),
  ]);
const word = fc.oneof(fc.nat({ max: 64 }), fc.integer({ min: 0, max: 0xffff_ffff }));
const execution = fc.record({
  block: fc.nat({ max: 2 }),
  made: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  addresses: fc.array(word, { minLength: 3, maxLength: 3 }),
  values: fc.array(fc.tuple(word, word), { minLength: 3, maxLength: 3 }),
});
const segment = fc.record({
  vcpu: fc.nat({ max: 3 }),
  pid: word,
  runs: fc.array(execution, { maxLength: 30 }),
});

describe("the format", () => {
  it("reads back whatever was written, in chunks and batches of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (segments, chunkEvents, batch, values) => {
          const written: Uint8Array[] = [];
          const writer = new TraceWriter((bytes) => written.push(bytes.slice()), { values, chunkEvents });
          const places = BLOCKS.map((each) => writer.place(each));
          const expected: string[] = [];
          for (const { vcpu, pid, runs } of segments) {
            writer.begin(vcpu, pid);
            const events: [place: number, address: number, low: number, high: number][] = [];
            for (const run of runs) {
              const place = places[run.block] ?? 0;
              const of = BLOCKS[run.block];
              events.push([place, 0, 0, 0]);
              const code = of?.instructions.map(({ data }) => data);
              expected.push(`${vcpu} ${pid} block ${of?.pc} ${of?.symbol ?? ""} ${code}`);
              makes(run.block).forEach(({ isStore, pc, bytes }, i) => {
                if (!run.made[i]) return;
                const [address = 0, [low, wide] = [0, 0]] = [run.addresses[i], run.values[i]];
                const high = bytes === 8 ? wide : 0;
                events.push([place + 1 + i, address, low, high]);
                const value = values ? `${low} ${high}` : "0 0";
                expected.push(
                  `${vcpu} ${pid} ${isStore ? "store" : "load"} ${pc} ${bytes} ${address} ${value}`,
                );
              });
            }
            for (let start = 0; start < events.length; start += batch) {
              const some = events.slice(start, start + batch);
              const column = (at: 0 | 1 | 2 | 3): Uint32Array => Uint32Array.from(some, (event) => event[at]);
              writer.add({
                length: some.length,
                place: column(0),
                address: column(1),
                valueLow: column(2),
                valueHigh: column(3),
              });
            }
          }
          writer.end();
          expect(await textsOf(Buffer.concat(written), 7)).toEqual(expected);
        },
      ),
    );
  });

  it("refuses an access that no block makes", () => {
    const writer = new TraceWriter(() => {}, { values: false });
    const none = new Uint32Array(0);
    const columns = { length: 1, address: Uint32Array.of(4), valueLow: none, valueHigh: none };
    const place = writer.place(block(0x1000, ["lw a0,0(s0)"]));
    expect(() => writer.add({ ...columns, place: Uint32Array.of(place + 1) })).toThrow(RangeError);
  });
});

async function traceOf(of: Parameters<typeof createRig>[0], values: boolean): Promise<[Buffer, string[]]> {
  const written: Uint8Array[] = [];
  const openFile: OpenFile = () => ({
    write: (chunk) => void written.push(Buffer.from(chunk)),
    close() {},
  });
  const seen: string[] = [];
  const direct = watcher("direct", (machine) => {
    const who = (vcpu: number): string => `${vcpu} ${machine.process().pid}`;
    machine.blocks.executed.register(({ index }, { pc, symbol, instructions }) =>
      seen.push(`${who(index)} block ${pc} ${symbol ?? ""} ${instructions.map(({ data }) => data)}`),
    );
    machine.memory.accessed.register(({ index }, { site, address, valueLow, valueHigh }) =>
      seen.push(
        `${who(index)} ${site.isStore ? "store" : "load"} ${site.pc} ${site.bytes} ${address} ` +
          (values ? `${valueLow} ${valueHigh}` : "0 0"),
      ),
    );
  });
  const rig = await createRig(of, { translateAfter: 20 });
  const faults: string[] = [];
  const container = createContainer({
    host: { log: () => {}, fault: ({ message }) => faults.push(message), openFile },
  });
  const { refused } = await container.load([
    { plugin: rig.machine.plugin },
    { plugin: memtrace, args: { values: values ? "on" : "off" } },
    { plugin: direct },
  ]);
  expect(refused).toEqual([]);
  rig.run();
  container.finishFiles();
  expect(faults).toEqual([]);
  return [Buffer.concat(written), seen];
}

/** Equal, without a difference of millions of lines. */
function expectSame(got: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((text, i) => text !== got[i]);
  expect([at, got[at], got.length]).toEqual([at, expected[at], expected.length]);
}

describe("memtrace", () => {
  it.each([
    ["hello", [], false],
    ["count-calls", [], true],
    ["selfmod", [], true],
    ["segv", [], false],
    ["strings", ["1"], false],
  ])("records what the direct lane sees: %s %j, values %s", async (name, args, values) => {
    const [trace, seen] = await traceOf(guest(name, ...args), values);
    expect(seen.length).toBeGreaterThan(50);
    expectSame(await textsOf(trace), seen);
  });

  it.skipIf(!canCompile).each(["threads", "processes"])(`the same of %s ${NEEDS}`, async (name) => {
    const [trace, seen] = await traceOf(await compiled(name), false);
    expectSame(await textsOf(trace), seen);
  });

  it("does nothing where nobody wants files", async () => {
    const rig = await createRig(guest("hello"), { plugins: [memtrace] });
    rig.run();
    expect(rig.faults).toEqual([]);
    expect(rig.container.results().get("memtrace")?.result).toEqual({ file: null });
    expect(rig.container.summaries().get("memtrace")).toBe(
      "no trace was written: give --out DIR or file=PATH",
    );
  });
});

describe("a trace that is not whole", async () => {
  const [whole] = await traceOf(guest("hello"), false);
  const read = async (bytes: Uint8Array): Promise<string> => {
    try {
      await textsOf(bytes);
    } catch (error) {
      return String(error);
    }
    return "read";
  };

  it("is told wherever it was cut off", async () => {
    expect(await read(whole)).toBe("read");
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (length) => {
        expect(await read(whole.subarray(0, length))).toMatch(
          length < 16 ? /does not begin with QPPTRACE/ : /ends in chunk \d, before its end/,
        );
      }),
    );
  });

  it("is told wherever a byte is another one", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          // The flags in the head are not summed up.
          fc.pre(at < 12 || at >= 16);
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ change;
          expect(await read(changed)).toMatch(/^TraceError: /);
        },
      ),
    );
  });

  it("is told where the last frame says how long it is when inflated", async () => {
    const changed = Buffer.from(whole);
    const at = whole.length - 16 - 8;
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await read(changed)).toMatch("its checksum does not fit");
  });

  it("is told when it is something else, or goes on behind its end", async () => {
    expect(await read(readFileSync(guest("hello").path))).toMatch("does not begin with QPPTRACE");
    expect(await read(Buffer.concat([whole, whole]))).toMatch("something follows the end");
  });
});
