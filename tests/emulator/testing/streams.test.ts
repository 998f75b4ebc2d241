import { createTestContainer } from "@qpp/core/testing";
import { createFakeMachine, createRecorder, findDisorder, machineStreams } from "@qpp/emulator/testing";
import { findInCatalog } from "@qpp/plugins/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRig, guest } from "../machine/rig.js";

describe("streams of made-up programs", () => {
  it("are well-formed", () => {
    fc.assert(
      fc.property(machineStreams({ maxVcpus: 3 }), ({ events }) => {
        expect(findDisorder(events)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("have all kinds of events in them", () => {
    const kinds = new Set(
      fc
        .sample(machineStreams(), { numRuns: 200, seed: 1 })
        .flatMap(({ events }) => events.map(({ kind }) => kind)),
    );
    expect([...kinds].sort()).toEqual([
      "access",
      "block",
      "exited",
      "flushed",
      "instruction",
      "syscall-entered",
      "syscall-returned",
      "translated",
      "vcpu-exited",
      "vcpu-idled",
      "vcpu-initialized",
      "vcpu-resumed",
    ]);
  });

  it("come back as they are played, from a fake machine", async () => {
    await fc.assert(
      fc.asyncProperty(machineStreams({ maxVcpus: 3 }), async (stream) => {
        const fake = createFakeMachine(stream.program);
        const recorder = createRecorder();
        const { load, faults } = createTestContainer();
        await load(fake.plugin, recorder.plugin);
        fake.play(stream);
        expect(recorder.events).toEqual([...stream.events]);
        expect(faults).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("disorder", () => {
  it("is found when an event is missing that others follow from", () => {
    fc.assert(
      fc.property(machineStreams(), fc.nat(), ({ events }, at) => {
        const needed = events.flatMap(({ kind }, i) =>
          ["vcpu-initialized", "instruction", "syscall-entered", "vcpu-exited", "exited"].includes(kind)
            ? [i]
            : [],
        );
        const dropped = needed[at % needed.length] ?? 0;
        const rest = events.filter((_, i) => i !== dropped);
        // An instruction that nothing comes after on its vCPU may be cut off by the end.
        const event = events[dropped];
        fc.pre(event?.kind !== "instruction" || findLater(rest.slice(dropped), event.vcpu));
        expect(findDisorder(rest)).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });

  function findLater(events: readonly { kind: string; vcpu?: number }[], vcpu: number): boolean {
    return events.some((each) => each.vcpu === vcpu && ["block", "instruction"].includes(each.kind));
  }
});

describe("streams of the real machine", () => {
  const plugins = ["bb", "hotblocks", "insn", "mem", "syscall"];

  it.each(["count-loop", "count-calls", "exit-code", "illegal"])(
    "of %s are well-formed, and give the same results when a fake machine plays them",
    async (name) => {
      const recorder = createRecorder();
      const analyses = await Promise.all(
        plugins.map(async (each) => (await findInCatalog(each)?.load()) as never),
      );
      const rig = await createRig(guest(name), { plugins: [recorder.plugin, ...analyses] });
      rig.run();
      expect(findDisorder(recorder.events)).toBeUndefined();

      const fake = createFakeMachine();
      const { container, load, faults } = createTestContainer();
      await load(fake.plugin, ...analyses);
      fake.play(recorder);
      expect(faults).toEqual([]);
      const results = container.results();
      for (const each of plugins) expect(results.get(each)).toEqual(rig.container.results().get(each));
      expect(fake.exit).toEqual(rig.machine.exit);
    },
  );
});
