import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchFormat, createFeeds, type Seat } from "../../../packages/emulator/src/instrument/feeds.js";
import { createRings } from "../../../packages/emulator/src/instrument/rings.js";
import { Ring } from "../../../packages/emulator/src/interpreter/operation.js";
import { createGuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { createRig, guest, watcher } from "../machine/rig.js";

const memory = createGuestMemory();

/** Batches of numbers, each of which is its own site. */
const format: BatchFormat<number, readonly number[]> = {
  columns: 1,
  values: () => "none",
  create: ([column = new Uint32Array(0)]) => ({
    number: (site) => site,
    clear() {},
    batch: (length) => [...column.slice(0, length)],
  }),
};

/** What happens to a feed. Consumers are numbered in the order in which they join. */
type Step =
  | { readonly what: "event" }
  | { readonly what: "join" | "flush" }
  | { readonly what: "leave"; readonly by: number };

/** While consumer `at` gets its n-th batch, consumer `by` leaves. */
interface Meanwhile {
  readonly at: number;
  readonly nth: number;
  readonly by: number;
}

const consumer = fc.nat(3);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>({ what: "event" }) },
    { weight: 2, arbitrary: fc.constantFrom<Step>({ what: "join" }, { what: "flush" }) },
    {
      weight: 1,
      arbitrary: fc.record({ what: fc.constant<"leave">("leave"), by: consumer }),
    },
  ),
  { maxLength: 60 },
);

/** A machine in small: events are written by the code of the present translation. */
function play(all: readonly Step[], meanwhile: readonly Meanwhile[], capacity: number) {
  const rings = createRings(memory);
  const feeds = createFeeds(rings, format);
  const seats: Seat<number>[] = [];
  const got: number[][] = [];
  const batches: number[] = [];
  /** What each consumer is to get. */
  const wanted: number[][] = [];
  const takingPart = new Set<number>();
  const here = new Set<number>();
  /** Rings that the present code writes to. */
  let code: number[] = [];
  let event = 0;

  function leave(by: number): void {
    if (!here.delete(by)) return;
    takingPart.delete(by);
    seats[by]?.leave();
  }

  function flush(): void {
    rings.drainAll();
    rings.reclaim();
    code = seats.flatMap((seat, by) => {
      const probe = here.has(by) ? seat.probe(1) : undefined;
      return probe?.kind === "batch" ? [probe.ring] : [];
    });
    for (const by of here) takingPart.add(by);
  }

  for (const step of all) {
    switch (step.what) {
      case "join": {
        if (seats.length > 3) break;
        const by = seats.length;
        here.add(by);
        got.push([]);
        wanted.push([]);
        batches.push(0);
        seats.push(
          feeds.shared(capacity).join((batch) => {
            expect(batch.length).toBeGreaterThan(0);
            batches[by] = (batches[by] ?? 0) + 1;
            for (const m of meanwhile) if (m.at === by && m.nth === batches[by]) leave(m.by);
            got[by]?.push(...batch);
          }),
        );
        break;
      }
      case "leave":
        leave(step.by);
        break;
      case "flush":
        flush();
        break;
      case "event":
        event++;
        for (const by of takingPart) wanted[by]?.push(event);
        for (const ring of code) {
          const end = memory.view.getUint32(ring + Ring.END, true);
          memory.view.setUint32(end, event, true);
          memory.view.setUint32(ring + Ring.END, end + 4, true);
          if (end + 4 === memory.view.getUint32(ring + Ring.LIMIT, true)) rings.drain(ring);
        }
    }
  }
  flush();
  return { got, wanted, code };
}

describe("consumers of the same events", () => {
  it("get each event once, from the translation after they joined until they leave, whoever else comes and goes", () => {
    const meanwhile = fc.array(
      fc.record({ at: consumer, nth: fc.integer({ min: 1, max: 4 }), by: consumer }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(steps, meanwhile, fc.integer({ min: 1, max: 5 }), (all, leaving, capacity) => {
        const { got, wanted, code } = play(all, leaving, capacity);
        expect(got).toEqual(wanted);
        expect(code.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  it("share one ring for each capacity, unless they have selected", () => {
    const feeds = createFeeds(createRings(memory), format);
    const probe = (feed: ReturnType<typeof feeds.own>) => feed.join(() => {}).probe(7);
    const first = probe(feeds.shared(10));
    expect(first).toMatchObject({ kind: "batch", record: 7, values: "none" });
    expect(probe(feeds.shared(10))).toBeUndefined();
    const others = [probe(feeds.shared(11)), probe(feeds.own(10)), probe(feeds.own(10))];
    expect(new Set([first, ...others].map((p) => p?.kind === "batch" && p.ring)).size).toBe(4);
  });

  it("record for all of them when the one that did has left", () => {
    const feed = createFeeds(createRings(memory), format).shared(10);
    const [first, second] = [feed.join(() => {}), feed.join(() => {})];
    expect(second.probe(7)).toBeUndefined();
    const probe = first.probe(7);
    first.leave();
    expect(second.probe(7)).toEqual(probe);
  });
});

describe("plugins that watch the same events", () => {
  it("are told in the order in which they came, each of its own fault only", async () => {
    const told: string[] = [];
    const plugins = [1, 2, 3].map((id) =>
      watcher(`plugin${id}`, (m) => {
        m.instructions.executed.batch(
          () => {
            told.push(`${id}`);
            if (id === 2 && told.length > 4) throw new Error("broken on purpose");
          },
          { capacity: 1000 },
        );
      }),
    );
    const rig = await createRig(guest("count-loop"), { plugins });
    expect(rig.run().code).toBe(0);
    expect(rig.faults.map(({ plugin, where }) => [plugin, where])).toEqual([
      ["plugin2", "batch consumer of machine.instructions.executed"],
    ]);
    const rest = told.slice(6).join("");
    expect(told.slice(0, 6).join("")).toBe("123123");
    expect(rest).toMatch(/^(13)+$/);
  });

  it("look at columns that are worked out when they are asked for", async () => {
    const rig = await createRig(guest("count-loop"));
    const { memory: accesses, blocks } = rig.api;
    let seen = 0;
    for (const every of [1, 3]) {
      let batches = 0;
      accesses.accessed.batch(
        (batch) => {
          batches++;
          if (batches % every !== 0) return;
          for (let i = 0; i < batch.length; i++) {
            const { pc, bytes, isStore } = batch.site(i);
            seen++;
            expect(batch.pc[i]).toBe(pc);
            expect((batch.info[i] ?? 0) & 3).toBe(Math.log2(bytes));
            expect(((batch.info[i] ?? 0) & 8) !== 0).toBe(isStore);
            expect(batch.pc).toBe(batch.pc);
          }
        },
        { capacity: 100 },
      );
    }
    blocks.executed.batch((batch) => {
      for (let i = 0; i < batch.length; i++) {
        const { pc, instructions } = batch.block(i);
        expect([batch.pc[i], batch.insns[i]]).toEqual([pc, instructions.length]);
      }
    });
    rig.machine.runSlice(10_000);
    rig.machine.interrupt("enough", 0);
    expect(rig.faults).toEqual([]);
    expect(seen).toBeGreaterThan(1000);
  });
});
