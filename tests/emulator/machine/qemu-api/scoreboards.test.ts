import { MachineMemoryError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { createRig, guest, watcher } from "../rig.js";

describe("scoreboard_new, scoreboard_free, scoreboard_find", () => {
  it("is per-vCPU storage that starts at 0", async () => {
    const { scoreboards } = (await createRig(guest("exit-code"))).api;
    const board = scoreboards.create(5);
    expect(board.size).toBe(5);
    const cells = board.of(0);
    expect(cells).toEqual(new BigUint64Array(5));
    board.entry(3).set(0, 12);
    expect(cells[3]).toBe(12n);
    cells[3] = 2n ** 63n;
    expect(board.entry(3).get(0)).toBe(2 ** 63);
  });

  it("is apart from every other one, and from counters", async () => {
    const rig = await createRig(guest("count-loop"));
    const { api } = rig;
    const boards = [api.scoreboards.create(3), api.scoreboards.create(1), api.scoreboards.create(3)];
    const count = api.instructions.executed.count();
    boards.forEach((board, b) => {
      for (let i = 0; i < board.size; i++) board.entry(i).set(0, 10 * b + i);
    });
    rig.run();
    expect(boards.map((board) => [...board.of(0)])).toEqual([[0n, 1n, 2n], [10n], [20n, 21n, 22n]]);
    expect(count.value).toBe(76196);
  });

  it("goes with its plugin; the next one that takes its place starts at 0, and nobody writes to it", async () => {
    const rig = await createRig(guest("count-loop"), {
      plugins: [
        watcher("first", (m) => {
          m.instructions.executed.inline("add", m.scoreboards.create(2).entry(0), 1);
        }),
      ],
    });
    rig.machine.runSlice(1000);
    rig.container.uninstall("first");
    const early = rig.api.scoreboards.create(2);
    rig.machine.runSlice(1000);
    const late = rig.api.scoreboards.create(2);
    rig.run();
    expect([...early.of(0), ...late.of(0)]).toEqual([0n, 0n, 0n, 0n]);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %s entries", async (size) => {
    const { scoreboards } = (await createRig(guest("exit-code"))).api;
    expect(() => scoreboards.create(size)).toThrow(RangeError);
  });

  it("refuses more than there is room for, and nobody else suffers from it", async () => {
    const { scoreboards, instructions } = (await createRig(guest("exit-code"))).api;
    expect(() => scoreboards.create(2 ** 30)).toThrow(MachineMemoryError);
    expect(() => scoreboards.create(2 ** 30)).toThrow(
      /no room for counters and scoreboards \(8589934592 bytes\)/,
    );
    expect(scoreboards.create(4).of(0)).toHaveLength(4);
    expect(instructions.executed.count().value).toBe(0);
  });

  it("refuses entries and vCPUs that it does not have", async () => {
    const { scoreboards, blocks } = (await createRig(guest("exit-code"))).api;
    const board = scoreboards.create(2);
    for (const index of [-1, 2, 0.5]) expect(() => board.entry(index)).toThrow(`no entry ${index}; it has 2`);
    const entry = board.entry(0);
    for (const vcpu of [-1, 1, 0.5]) {
      for (const call of [
        () => entry.get(vcpu),
        () => entry.set(vcpu, 1),
        () => entry.add(vcpu, 1),
        () => board.of(vcpu),
      ]) {
        expect(call).toThrow(`there is no vCPU ${vcpu}; there are 1`);
      }
    }
    const foreign = { ...entry };
    expect(() => blocks.executed.inline("add", foreign, 1)).toThrow("not an entry of a scoreboard");
    expect(() => blocks.executed.when(foreign, "eq", 1)).toThrow("not an entry of a scoreboard");
  });
});

describe("scoreboard_u64, u64_add, u64_get, u64_set, u64_sum", () => {
  it("get, set, add and sum, modulo 2^64", async () => {
    const { scoreboards } = (await createRig(guest("exit-code"))).api;
    const board = scoreboards.create(2);
    const entry = board.entry(1);
    expect([entry.scoreboard, entry.index]).toEqual([board, 1]);
    entry.set(0, 2 ** 40);
    entry.add(0, 2 ** 40 + 1);
    expect([entry.get(0), entry.sum()]).toEqual([2 ** 41 + 1, 2 ** 41 + 1]);
    entry.set(0, -1);
    expect(board.of(0)[1]).toBe(2n ** 64n - 1n);
    entry.add(0, 3);
    expect(entry.get(0)).toBe(2);
    entry.add(0, -3);
    expect(board.of(0)[1]).toBe(2n ** 64n - 1n);
    expect(board.entry(0).sum()).toBe(0);
  });
});
