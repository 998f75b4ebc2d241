import { plugin } from "@qpp/core";
import { instruction } from "@qpp/emulator/testing";
import { type StringMatch, stringsearch } from "@qpp/plugins/stringsearch/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatcher } from "../../packages/plugins/src/stringsearch/matcher.js";
import { createTapPoints } from "../../packages/plugins/src/stringsearch/tap-points.js";
import { load } from "./load.js";

const byte = instruction(0x1000, "lbu a0,0(s0)");
const word = instruction(0x1004, "ld a0,0(s0)");
const store = instruction(0x1008, "sb a0,0(s0)");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("stringsearch", () => {
  it("finds a text in what one instruction loads, also in several steps", async () => {
    const matches: StringMatch[] = [];
    const listener = plugin("listener", {
      requires: { stringsearch },
      install: ({ stringsearch }) =>
        void stringsearch.onMatch.register((_cpu, match) => void matches.push({ ...match })),
    });
    const { fake, result } = await load({ stringsearch: { str: "PNG,needle", hex: "0d0a" } }, [listener]);
    const loads = (text: string): void =>
      [...bytes(text)].forEach((value, i) => {
        fake.access(byte, { isStore: false, address: 0x100 + i, value: BigInt(value) });
      });
    loads("PPN");
    // Another instruction's bytes are another stream.
    fake.access(word, { isStore: false, address: 0x200, value: 0x0a0d_474e_5020_2020n });
    loads("G!");
    fake.access(store, { isStore: true, address: 0x300, value: 0x0dn });
    fake.access(store, { isStore: true, address: 0x301, value: 0x0an });
    fake.end(0);
    const text = (match: StringMatch) => Buffer.from(match.bytes).toString("hex");
    expect(matches.map((m) => [text(m), m.pc, m.address, m.isStore])).toEqual([
      ["504e47", 0x1004, 0x205, false],
      ["0d0a", 0x1004, 0x207, false],
      ["504e47", 0x1000, 0x100, false],
      ["0d0a", 0x1008, 0x301, true],
    ]);
    expect(result("stringsearch")).toMatchObject({
      matches: [
        { string: '"PNG"', pc: "0x1000", isStore: false, count: 1 },
        { string: '"PNG"', pc: "0x1004", isStore: false, count: 1 },
        { string: '"\\x0d\\x0a"', pc: "0x1004", isStore: false, count: 1 },
        { string: '"\\x0d\\x0a"', pc: "0x1008", isStore: true, count: 1 },
      ],
    });
  });

  it.each([
    ["loads", 1],
    ["stores", 1],
  ])("leaves out %s when told so", async (which, left) => {
    const { fake, result } = await load({ stringsearch: { str: "a", [which]: "off" } });
    fake.access(byte, { isStore: false, address: 0, value: 0x61n });
    fake.access(store, { isStore: true, address: 0, value: 0x61n });
    fake.end(0);
    expect(result("stringsearch")).toHaveProperty("matches.length", left);
    expect(result("stringsearch")).toHaveProperty("matches.0.isStore", which === "loads");
  });

  it.each([
    [{ hex: "123" }, "two for each byte"],
    [{ hex: "xy" }, "hexadecimal"],
    [{ str: "" }, "not empty"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ stringsearch: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});

describe("a matcher", () => {
  it("finds each string where it ends, overlapped or not", () => {
    const short = fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(short, { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(0, 1, 2, 3)),
        (strings, stream) => {
          const matcher = createMatcher();
          for (const string of strings) matcher.add(Uint8Array.from(string));
          const taking = matcher.stream();
          stream.forEach((each, at) => {
            const expected = strings.flatMap((string, i) =>
              at + 1 >= string.length && string.every((b, k) => stream[at + 1 - string.length + k] === b)
                ? [i]
                : [],
            );
            expect([...taking.take(each)]).toEqual(expected);
          });
        },
      ),
    );
  });

  it("refuses an empty string, and looks for strings that are added in the middle", () => {
    const matcher = createMatcher();
    expect(() => matcher.add(new Uint8Array())).toThrow(RangeError);
    const stream = matcher.stream();
    expect(stream.take(1)).toEqual([]);
    matcher.add(Uint8Array.of(1, 2));
    expect([1, 2].map((b) => [...stream.take(b)])).toEqual([[], [0]]);
  });
});

describe("tap points", () => {
  it("are told apart by process, instruction and caller", () => {
    const key = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }));
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        let made = 0;
        const taps = createTapPoints(() => made++);
        const model = new Map<string, number>();
        for (const [pid, pc, caller] of keys) {
          const name = `${pid} ${pc} ${caller}`;
          const found = taps.of(pid, pc, caller);
          expect(found).toBe(model.get(name) ?? model.size);
          model.set(name, found);
        }
      }),
    );
  });
});
