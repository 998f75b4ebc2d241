import { plugin } from "@qpp/core";
import { type Mapping, machine } from "@qpp/emulator/contract";
import { type Region, type RegionKind, regions } from "@qpp/plugins/regions/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegionCounts } from "../../packages/plugins/src/regions/counts.js";
import {
  createKnownRegions,
  createProcessRegions,
} from "../../packages/plugins/src/regions/process-regions.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { resultOf, rigWith } from "./real.js";

const LIMIT = 64;
const mapping = (page: number, pages: number, name: string, writable: boolean): Mapping => ({
  start: page * 4096,
  end: (page + pages) * 4096,
  readable: true,
  writable,
  executable: false,
  shared: false,
  name,
  offset: 0,
  file: undefined,
});

describe("regions of a process", () => {
  it("are those of its mappings, whatever is mapped and unmapped", () => {
    const change = fc.record({
      page: fc.nat({ max: LIMIT - 1 }),
      pages: fc.integer({ min: 1, max: 8 }),
      name: fc.constantFrom("", "[heap]", "[stack]", undefined),
      writable: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let present: Mapping[] = [];
        const known = createKnownRegions();
        const process = createProcessRegions(
          known,
          () => present,
          () => undefined,
        );
        for (const { page, pages, name, writable } of changes) {
          const made = mapping(page, pages, name ?? "", writable);
          present = present
            .flatMap((old) => [
              { ...old, end: Math.min(old.end, made.start) },
              { ...old, start: Math.max(old.start, made.end) },
            ])
            .filter(({ start, end }) => start < end);
          if (name !== undefined) present.push(made);
          present.sort((a, b) => a.start - b.start);
          process.changed(made.start, made.end);
          for (let at = 0; at < LIMIT * 4096; at += 2048) {
            const expected = present.find(({ start, end }) => at >= start && at < end);
            const found = process.at(at);
            expect([found?.start, found?.end]).toEqual([expected?.start, expected?.end]);
            expect(process.numberAt(at) > 0).toBe(expected !== undefined);
          }
        }
        expect(process.list().map(({ start }) => start)).toEqual(present.map(({ start }) => start));
      }),
      { numRuns: 30 },
    );
  });

  it("know which anonymous memory is a thread's stack, until it is unmapped", () => {
    const present = [mapping(1, 4, "", true), mapping(6, 4, "", true)];
    const process = createProcessRegions(
      createKnownRegions(),
      () => present,
      (address) => (address === 6 * 4096 ? "/bin/guest" : undefined),
    );
    const kinds = (): (RegionKind | undefined)[] => [process.at(0x1fff)?.kind, process.at(0x6000)?.kind];
    expect(kinds()).toEqual(["anonymous", "bss"]);
    process.threadStack(3, 0x5000);
    expect(kinds()).toEqual(["thread stack", "bss"]);
    expect(process.at(0x1000)?.name).toBe("[stack of vCPU 3]");
    process.changed(0x1000, 0x5000);
    expect(kinds()).toEqual(["anonymous", "bss"]);
  });
});

describe("counts of regions", () => {
  it("are summed up by purpose, name and protection", () => {
    const kinds = ["heap", "stack", "anonymous"] as const;
    const region = fc.record({
      kind: fc.constantFrom(...kinds),
      permissions: fc.constantFrom("r--p", "rw-p"),
    });
    const access = fc.record({ number: fc.nat({ max: 200 }), isStore: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(region, { minLength: 201, maxLength: 201 }),
        fc.array(access),
        (shapes, accesses) => {
          const all: Region[] = shapes.map((shape, i) => ({
            ...shape,
            name: "",
            start: i,
            end: i + 1,
            offset: 0,
          }));
          const counts = createRegionCounts();
          const address = Uint32Array.from(accesses, ({ number }) => number);
          const info = Uint32Array.from(accesses, ({ isStore }) => (isStore ? 8 : 0));
          counts.take({ length: accesses.length, address, info }, (at) => at);
          for (const kind of kinds) {
            for (const permissions of ["r--p", "rw-p"]) {
              const mine = accesses.filter(({ number }) => {
                const shape = shapes[number - 1];
                return shape?.kind === kind && shape.permissions === permissions;
              });
              const found = counts
                .of(all)
                .find((sum) => sum.kind === kind && sum.permissions === permissions);
              expect([found?.loads ?? 0, found?.stores ?? 0]).toEqual([
                mine.filter(({ isStore }) => !isStore).length,
                mine.filter(({ isStore }) => isStore).length,
              ]);
            }
          }
        },
      ),
    );
  });
});

describe.skipIf(!canCompile)(`regions ${NEEDS}`, () => {
  it.each([["processes"], ["threads"]])("of %s: each access is to where it seems to be", async (name) => {
    const rig = await rigWith(await compiled(name), { symbols: {}, regions: {} });
    let accesses = 0;
    const wrong: unknown[] = [];
    const kinds = new Set<RegionKind>();
    const witness = plugin("witness", {
      requires: { machine, regions },
      install({ machine, regions }) {
        machine.memory.accessed.register(({ registers }, { address }) => {
          accesses++;
          if (accesses % 7 !== 0) return;
          const region = regions.at(address);
          const mapped = machine.mappings().find(({ start, end }) => address >= start && address < end);
          if (region?.start !== mapped?.start || region?.end !== mapped?.end)
            wrong.push([address, region, mapped]);
          const sp = registers.readNumber("sp");
          if (region !== undefined && address >= sp && address < sp + 64) kinds.add(region.kind);
        });
      },
    });
    await rig.container.load([{ plugin: witness }]);
    rig.run();
    expect(wrong.slice(0, 3)).toEqual([]);
    // What is just above a stack pointer is a stack.
    expect([...kinds].sort()).toEqual(["stack", "thread stack"]);
    const { regions: counted } = resultOf(rig, "regions") as { regions: { loads: number; stores: number }[] };
    expect(counted.reduce((sum, { loads, stores }) => sum + loads + stores, 0)).toBe(accesses);
  });
});
