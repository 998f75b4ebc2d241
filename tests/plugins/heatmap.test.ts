import { instruction } from "@qpp/emulator/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSlices } from "../../packages/plugins/src/heatmap/slices.js";
import { load } from "./load.js";

const lb = instruction(0x1000, "lb a0,0(a1)");
const sb = instruction(0x1004, "sb a0,0(a1)");
const read = (address: number) => ({ isStore: false, address, value: 0n });

/** One access, or another process that runs from there on. */
const events = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ address: fc.integer({ min: 0, max: 7 }).map((page) => page * 4096 + 5) }),
    },
    { weight: 1, arbitrary: fc.record({ pid: fc.integer({ min: 1, max: 3 }) }) },
  ),
  { maxLength: 200 },
);

test("slices: whatever the batches, cells are what a count of each slice's accesses gives", () => {
  fc.assert(
    fc.property(
      events,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }).map((n) => 2 * n),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (given, first, most, sizes) => {
        const slices = createSlices(most, first, 1);
        const seen: { pid: number; address: number }[] = [];
        let pid = 1;
        let batch: number[] = [];
        let room = sizes.next().value;
        const hand = (): void => {
          slices.take(Uint32Array.from([...batch, 0xffff_ffff]), batch.length);
          batch = [];
          room = sizes.next().value;
        };
        for (const event of given) {
          if ("pid" in event) {
            hand();
            pid = event.pid;
            slices.enter(pid);
          } else {
            seen.push({ pid, address: event.address });
            if (batch.push(event.address) === room) hand();
          }
        }
        hand();

        let length = first;
        while (Math.floor(seen.length / length) >= most) length *= 2;
        expect(slices.accesses).toBe(length);
        const expected: unknown[] = [];
        for (let at = 0; at < seen.length; at += length) {
          const counts = new Map<string, number>();
          for (const { pid, address } of seen.slice(at, at + length)) {
            const key = JSON.stringify([pid, address - (address % 4096)]);
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
          expected.push(new Map([...counts].sort()));
        }
        const got = slices
          .cells()
          .map((slice) => new Map(slice.map((c) => [JSON.stringify([c.pid, c.page]), c.accesses] as const)));
        expect(got.map((slice) => new Map([...slice].sort()))).toEqual(expected);
      },
    ),
  );
});

test("the working set, the hottest pages, and the whole map in a file", async () => {
  const { fake, result, summary, files } = await load({ heatmap: {} });
  for (let i = 0; i < 3; i++) fake.access(lb, read(0x8000 + i));
  fake.access(sb, { isStore: true, address: 0x9fff, value: 1n });
  fake.end(0);
  expect(result("heatmap")).toEqual({
    sliceAccesses: 1024,
    pages: 2,
    workingSet: [2],
    hottest: [
      { pid: 100, page: "0x8000", accesses: 3 },
      { pid: 100, page: "0x9000", accesses: 1 },
    ],
  });
  expect(summary("heatmap")).toMatch(
    /^2 pages accessed, at most 2 of them in one of 1 slices of 1024 accesses\n/,
  );
  expect(JSON.parse(String(files().get("heatmap.json")))).toEqual({
    sliceAccesses: 1024,
    slices: [
      [
        [100, 0x8000, 3],
        [100, 0x9000, 1],
      ],
    ],
  });
});

test("only stores, if so wanted", async () => {
  const { fake, result } = await load({ heatmap: { stores: "on" } });
  fake.access(lb, read(0x8000));
  fake.access(sb, { isStore: true, address: 0x9000, value: 1n });
  fake.end(0);
  expect(result("heatmap")).toMatchObject({ pages: 1, hottest: [{ page: "0x9000", accesses: 1 }] });
});
