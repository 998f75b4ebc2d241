import { createTestContainer } from "@qpp/core/testing";
import { machine } from "@qpp/emulator/contract";
import { createFakeMachine, type MachineStream, machineStreams } from "@qpp/emulator/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Attached, type Attachment, attach, attachments, ENTRIES } from "../machine/lanes/attachment.js";
import { type Expected, expectedOf } from "../machine/lanes/model.js";
import { type Event, infoOf } from "../machine/lanes/reference.js";

/** What the lanes are to tell, taken from the stream itself. */
function eventsOf({ events }: MachineStream): readonly Event[] {
  return events.flatMap((event): Event[] => {
    if (event.kind === "block") {
      const { block: site } = event;
      return [{ kind: "block", site, pc: site.pc, columns: [site.pc, site.instructions.length] }];
    }
    if (event.kind === "instruction") {
      const { instruction: site } = event;
      return [{ kind: "instruction", site, pc: site.pc, columns: [site.pc] }];
    }
    if (event.kind !== "access") return [];
    const { site, address, value } = event;
    const halves = [Number(BigInt.asUintN(32, value)), Number(value >> 32n)];
    return [{ kind: "access", site, pc: site.pc, columns: [address, site.pc, ...halves, infoOf(site)] }];
  });
}

async function observe(stream: MachineStream, consumers: readonly Attachment[]): Promise<Expected> {
  const fake = createFakeMachine(stream.program);
  const { container, load, faults } = createTestContainer();
  await load(fake.plugin);
  const api = container.use(machine);
  const board = api.scoreboards.create(ENTRIES);
  const entries = Array.from({ length: ENTRIES }, (_, i) => board.entry(i));
  const log: string[] = [];
  const made: (Attached | undefined)[] = consumers.map(() => undefined);
  const change = (moment: number): void => {
    consumers.forEach((consumer, id) => {
      if (consumer.from === moment) made[id] = attach(api, consumer, entries, id, log);
      if (consumer.until === moment) made[id]?.detach();
    });
  };
  let moment = 0;
  api.instructions.executed.register(() => change(++moment));
  change(0);
  fake.play(stream);
  expect(faults).toEqual([]);
  const seen = made.map((each) => each?.seen() ?? { events: [], count: 0, table: new Map() });
  return { seen, log, entries: [...board.of(0)] };
}

it("all lanes of a fake machine tell what those of the real one would", async () => {
  await fc.assert(
    fc.asyncProperty(machineStreams({ maxVcpus: 1 }), attachments(60), async (stream, consumers) => {
      expect(await observe(stream, consumers)).toEqual(expectedOf(eventsOf(stream), consumers));
    }),
    { numRuns: 400 },
  );
});

it("a batch is of one vCPU, and batches come in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      machineStreams({ maxVcpus: 3 }),
      fc.integer({ min: 1, max: 20 }),
      async (stream, capacity) => {
        const fake = createFakeMachine(stream.program);
        const { container, load } = createTestContainer();
        await load(fake.plugin);
        const seen: string[] = [];
        container.use(machine).instructions.executed.batch(
          ({ length, vcpu, pc }) => {
            for (let i = 0; i < length; i++) seen.push(`${vcpu} ${pc[i]}`);
          },
          { capacity },
        );
        fake.play(stream);
        expect(seen).toEqual(
          stream.events.flatMap((event) =>
            event.kind === "instruction" ? [`${event.vcpu} ${event.instruction.pc}`] : [],
          ),
        );
      },
    ),
    { numRuns: 200 },
  );
});

it("counters know each vCPU's share", async () => {
  await fc.assert(
    fc.asyncProperty(machineStreams({ maxVcpus: 3 }), async (stream) => {
      const fake = createFakeMachine(stream.program);
      const { container, load } = createTestContainer();
      await load(fake.plugin);
      const { instructions, scoreboards, vcpus, executed } = container.use(machine);
      const count = instructions.executed.count();
      const entry = scoreboards.create(5000).entry(4999);
      instructions.executed.inline("add", entry, 2);
      fake.play(stream);
      let total = 0;
      for (let vcpu = 0; vcpu < vcpus.count; vcpu++) {
        const mine = stream.events.filter((each) => each.kind === "instruction" && each.vcpu === vcpu).length;
        expect([count.ofVcpu(vcpu), entry.get(vcpu)]).toEqual([mine, 2 * mine]);
        total += mine;
      }
      expect([count.value, entry.sum(), executed()]).toEqual([total, 2 * total, total]);
    }),
    { numRuns: 100 },
  );
});
