import { type Columns, createContainer, type RawArguments, type Row } from "@qpp/core";
import { createFakeMachine, type MachineEvent, machineStreams } from "@qpp/emulator/testing";
import { findInCatalog } from "@qpp/plugins/catalog";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Plays events to plugins. @returns the tables that they fill, by name */
async function played(
  wanted: Readonly<Record<string, RawArguments>>,
  events: readonly MachineEvent[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const tables = new Map<string, Row[]>();
  const faults: string[] = [];
  const container = createContainer({
    host: {
      log() {},
      fault: ({ message }) => void faults.push(message),
      openTable(_plugin, name, columns: Columns) {
        const rows: Row[] = [];
        tables.set(name, rows);
        const keys = Object.keys(columns);
        return {
          add: (row) => void rows.push(Object.fromEntries(keys.map((key) => [key, row[key] ?? null]))),
          close() {},
        };
      },
    },
    resolve: (name) => findInCatalog(name)?.load(),
  });
  const fake = createFakeMachine();
  const requests = Object.entries(wanted).map(async ([name, args]) => {
    const plugin = await findInCatalog(name)?.load();
    if (plugin === undefined) throw new Error(`the catalog has no ${name}`);
    return { plugin, args };
  });
  const { refused } = await container.load([{ plugin: fake.plugin }, ...(await Promise.all(requests))]);
  expect(refused).toEqual([]);
  fake.play({ events });
  container.finishFiles();
  expect(faults).toEqual([]);
  return tables;
}

test("accesses: every access of any stream, in order", () =>
  fc.assert(
    fc.asyncProperty(machineStreams({ maxVcpus: 3 }), async ({ events }) => {
      const tables = await played({ memtrace: { table: "on" } }, events);
      const accesses = events.filter((event) => event.kind === "access");
      expect(tables.get("accesses")).toEqual(
        accesses.map(({ vcpu, site: { pc, bytes, isStore }, address }, number) => ({
          number,
          pid: 100,
          vcpu,
          pc,
          address,
          bytes,
          store: isStore,
        })),
      );
    }),
  ));

test("without table=on there is no table of accesses", async () => {
  expect((await played({ memtrace: {} }, [])).size).toBe(0);
});

test("syscalls: every call of any stream once, with what it returned", () =>
  fc.assert(
    fc.asyncProperty(machineStreams({ maxVcpus: 3 }), async ({ events }) => {
      const rows = (await played({ syscalls: {} }, events)).get("syscalls") ?? [];
      const expected: { call: number; vcpu: number; pc: number; number: number; result: number | null }[] =
        [];
      const inCall = new Map<number, (typeof expected)[number]>();
      for (const event of events) {
        if (event.kind === "syscall-entered") {
          const { vcpu, pc, number } = event;
          const call = { call: expected.length, vcpu, pc, number, result: null };
          expected.push(call);
          inCall.set(vcpu, call);
        }
        if (event.kind === "syscall-returned") {
          const call = inCall.get(event.vcpu);
          if (call) call.result = event.result;
          inCall.delete(event.vcpu);
        }
      }
      // Calls that never came back need the end of the guest, which not every stream has.
      const ended = events.at(-1)?.kind === "exited";
      const told = ended ? expected : expected.filter(({ result }) => result !== null);
      const found = rows
        .map(({ call, vcpu, pc, number, result }) => ({ call, vcpu, pc, number, result }))
        .sort((a, b) => Number(a.call) - Number(b.call));
      if (ended) expect(found).toEqual(told);
      else expect(found).toEqual(expect.arrayContaining(told));
      for (const { result, error, entered_ns, returned_ns } of rows) {
        expect(error === null).toBe(result === null || Number(result) >= 0);
        expect(returned_ns === null).toBe(result === null);
        if (returned_ns !== null) expect(returned_ns).toBeGreaterThanOrEqual(Number(entered_ns));
      }
    }),
  ));

test("memory_pages and blocks: sums are those of the stream", () =>
  fc.assert(
    fc.asyncProperty(machineStreams({ maxVcpus: 2 }), async ({ events }) => {
      const tables = await played({ hotpages: {}, hotblocks: {}, heatmap: {} }, events);
      const sum = (table: string, key: string): number =>
        (tables.get(table) ?? []).reduce((all, row) => all + Number(row[key]), 0);
      const count = (stores: boolean): number =>
        events.filter((event) => event.kind === "access" && event.site.isStore === stores).length;
      expect(sum("memory_pages", "reads")).toBe(count(false));
      expect(sum("memory_pages", "writes")).toBe(count(true));
      expect(sum("memory_slices", "accesses")).toBe(count(true) + count(false));
      expect(sum("blocks", "count")).toBe(events.filter(({ kind }) => kind === "block").length);
    }),
  ));
