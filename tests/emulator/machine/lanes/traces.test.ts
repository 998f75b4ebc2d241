import type { AccessSite, Block, Instruction, TraceBatch, TraceSelection } from "@qpp/emulator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRig, guest, program } from "../rig.js";
import { randomProgram } from "./random-program.js";
import { type Event, type Kind, referenceOf } from "./reference.js";

const KINDS = ["block", "instruction", "access"] as const;

/** What one consumer wants: of each kind, sites whose pc leaves this remainder, or none. */
interface Wanted {
  readonly remainders: Readonly<Record<Kind, number | undefined>>;
  readonly modulus: number;
  readonly capacity: number;
  readonly from: number;
  readonly until: number;
}

const wanted = (moments: number): fc.Arbitrary<Wanted> =>
  fc
    .record({
      remainders: fc.record({
        block: fc.option(fc.nat(1), { nil: undefined }),
        instruction: fc.option(fc.nat(1), { nil: undefined }),
        access: fc.option(fc.nat(1), { nil: undefined }),
      }),
      modulus: fc.constantFrom(1, 2),
      capacity: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom(64, 8192)),
      from: fc.nat(moments),
      until: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: moments + 1 })),
    })
    .map((w) => ({ ...w, until: Math.max(w.from, w.until) }));

function tagOf(
  { remainders, modulus }: Wanted,
  kind: Kind,
  site: Block | Instruction | AccessSite,
): number | undefined {
  const remainder = remainders[kind];
  if (remainder === undefined || (site.pc >>> 1) % modulus !== remainder % modulus) return undefined;
  const store = "isBigEndian" in site && site.isStore;
  return 8 * (site.pc % 2 ** 29) + 2 * KINDS.indexOf(kind) + Number(store);
}

function selectionOf(of: Wanted): TraceSelection {
  const { remainders } = of;
  return {
    ...(remainders.block !== undefined && { block: (site) => tagOf(of, "block", site) }),
    ...(remainders.instruction !== undefined && { instruction: (site) => tagOf(of, "instruction", site) }),
    ...(remainders.access !== undefined && { access: (site) => tagOf(of, "access", site) }),
  };
}

/** What the consumer must see of a run: from the block after it was attached, until it is detached. */
function expectedOf(of: Wanted, events: readonly Event[]): readonly string[] {
  const seen: string[] = [];
  let insns = 0;
  let attached = of.from === 0;
  let takesPart = false;
  for (const { kind, site, columns } of events) {
    if (kind === "block") takesPart = attached;
    if (kind === "instruction") {
      insns++;
      if (insns === of.from) attached = true;
      if (insns >= of.until) return seen;
    }
    const tag = takesPart ? tagOf(of, kind, site) : undefined;
    if (tag !== undefined) seen.push(`${tag} ${kind === "access" ? columns[0] : "-"}`);
  }
  return seen;
}

function collector(capacity: number): { seen: string[]; consumer: (batch: TraceBatch) => void } {
  const seen: string[] = [];
  return {
    seen,
    consumer({ length, vcpu, tag, address }) {
      if (length < 1 || length > capacity || vcpu !== 0) throw new Error(`${length} events of vCPU ${vcpu}`);
      for (let i = 0; i < length; i++) {
        const of = tag[i] ?? -1;
        seen.push(`${of} ${(of & 7) >= 4 ? address[i] : "-"}`);
      }
    },
  };
}

describe("traces", () => {
  it("have the events of all kinds in their order, for any selections, capacities and moments", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomProgram,
        fc.array(wanted(300), { minLength: 1, maxLength: 3 }),
        fc.option(fc.integer({ min: 0, max: 1500 }), { nil: undefined }),
        async (items, consumers, slice) => {
          const of = program(items);
          const { events, exit } = await referenceOf(of);
          const rig = await createRig(of);
          const made = consumers.map((each) => collector(each.capacity));
          const off: (() => void)[] = [];
          const change = (moment: number): void => {
            consumers.forEach((each, i) => {
              if (each.until === moment) off[i]?.();
              if (each.from !== moment || each.until === moment) return;
              const consumer = made[i]?.consumer ?? expect.fail();
              const attached = rig.api.traces.batch(selectionOf(each), consumer, each);
              off[i] = () => attached.unsubscribe();
            });
          };
          let moment = 0;
          if (consumers.some(({ from, until }) => from > 0 || until < Number.POSITIVE_INFINITY))
            rig.api.instructions.executed.register(() => change(++moment));
          change(0);
          expect(rig.run(slice)).toEqual(exit);
          expect(rig.faults).toEqual([]);
          expect(made.map(({ seen }) => seen)).toEqual(consumers.map((each) => expectedOf(each, events)));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("have them of a program that rewrites its own code", async () => {
    const of = guest("selfmod");
    const { events } = await referenceOf(of);
    const all: Wanted = {
      remainders: { block: 0, instruction: 0, access: 0 },
      modulus: 1,
      capacity: 100,
      from: 0,
      until: Number.POSITIVE_INFINITY,
    };
    const rig = await createRig(of);
    const { seen, consumer } = collector(all.capacity);
    rig.api.traces.batch(selectionOf(all), consumer, all);
    rig.run();
    expect(seen).toEqual(expectedOf(all, events));
  });

  it("refuse what is no tag, as the plugin's fault", async () => {
    for (const tag of [-1, 0.5, 2 ** 32, Number.NaN]) {
      const rig = await createRig(guest("selfmod"));
      rig.api.traces.batch({ block: () => tag }, () => {});
      rig.run();
      expect(rig.faults[0]).toMatchObject({ cause: expect.any(RangeError) });
    }
  });
});
