import { instruction, machineStreams } from "@qpp/emulator/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPoint, nameOf, parsePoint } from "../../packages/plugins/src/tapindump/points.js";
import { load } from "./load.js";

describe("tapindump", () => {
  it("takes down what an instruction loads and what another one stores, in their order", async () => {
    const { fake, files, result } = await load({ tapindump: { point: "1000,1004:w" } });
    const byte = instruction(0x1000, "lbu a0,0(s0)");
    const word = instruction(0x1004, "sd a0,0(s0)");
    fake.access(byte, { isStore: false, address: 0x100, value: 0x68n });
    fake.access(word, { isStore: true, address: 0x200, value: 0x0807_0605_0403_0201n });
    fake.access(byte, { isStore: false, address: 0x900, value: 0x69n });
    fake.access(instruction(0x1008, "lbu a0,0(s0)"), { isStore: false, address: 0x100, value: 1n });
    fake.end(0);
    expect(result("tapindump")).toEqual({
      points: [
        { pc: "0x1000", caller: null, isStore: false, bytes: 2 },
        { pc: "0x1004", caller: null, isStore: true, bytes: 8 },
      ],
    });
    expect(files().get("tap_1000_any_r.bin")?.toString()).toBe("hi");
    expect([...(files().get("tap_1004_any_w.bin") ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("writes every byte of any stream that goes through its points", async () => {
    await fc.assert(
      fc.asyncProperty(
        machineStreams({ maxVcpus: 2 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        async (stream, choice) => {
          const accesses = stream.events.flatMap((event) => (event.kind === "access" ? [event] : []));
          const points = new Set(
            choice.flatMap((i) => {
              const { site } = accesses[i % accesses.length] ?? {};
              return site === undefined ? [] : [`${site.pc.toString(16)}${site.isStore ? ":w" : ""}`];
            }),
          );
          const { fake, files } = await load({
            tapindump: points.size === 0 ? {} : { point: [...points].join(",") },
          });
          fake.play(stream);
          for (const text of points) {
            const point = parsePoint(text);
            const expected = accesses
              .filter(({ site }) => site.pc === point.pc && site.isStore === point.isStore)
              .flatMap(({ site, value }) =>
                Array.from({ length: site.bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn)),
              );
            expect([...(files().get(`tap_${nameOf(point)}.bin`) ?? [])]).toEqual(expected);
          }
        },
      ),
    );
  });

  it.each([
    ["10658", { pc: 0x10658, caller: undefined, isStore: false }],
    ["0x10658:0x10600", { pc: 0x10658, caller: 0x10600, isStore: false }],
    ["10658:10600:w", { pc: 0x10658, caller: 0x10600, isStore: true }],
    ["10658:w", { pc: 0x10658, caller: undefined, isStore: true }],
  ])("reads %s", (text, point) => {
    expect(isPoint(text)).toBe(true);
    expect(parsePoint(text)).toEqual(point);
  });

  it.each(["main", "10658:", "1:2:3", "123456789"])("refuses %s", async (point) => {
    expect(() => parsePoint(point)).toThrow(RangeError);
    const { refused } = await load({ tapindump: { point } });
    expect(refused).toEqual([expect.stringContaining("an address in hexadecimal")]);
  });
});
