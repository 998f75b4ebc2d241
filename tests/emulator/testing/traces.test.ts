import { createTestContainer } from "@qpp/core/testing";
import { machine } from "@qpp/emulator/contract";
import { createFakeMachine, type MachineStream, machineStreams } from "@qpp/emulator/testing";
import fc from "fast-check";
import { expect, it } from "vitest";

/** Of each event its vCPU, its kind with the address of its site, and, of an access, the address of the memory. */
function eventsOf({ events }: MachineStream): readonly string[] {
  return events.flatMap((event) => {
    switch (event.kind) {
      case "block":
        return [`${event.vcpu} block ${event.block.pc}`];
      case "instruction":
        return [`${event.vcpu} instruction ${event.instruction.pc}`];
      case "access":
        return [`${event.vcpu} access ${event.site.pc} ${event.address}`];
      default:
        return [];
    }
  });
}

it("traces of a fake machine have all kinds of events in their order, and are of one vCPU each", async () => {
  await fc.assert(
    fc.asyncProperty(
      machineStreams({ maxVcpus: 3 }),
      fc.integer({ min: 1, max: 20 }),
      async (stream, capacity) => {
        const fake = createFakeMachine(stream.program);
        const { container, load, faults } = createTestContainer();
        await load(fake.plugin);
        const names: string[] = [];
        const numberOf = (name: string): number => names.push(name) - 1;
        const seen: string[] = [];
        container.use(machine).traces.batch(
          {
            block: ({ pc }) => numberOf(`block ${pc}`),
            instruction: ({ pc }) => numberOf(`instruction ${pc}`),
            access: ({ pc }) => numberOf(`access ${pc}`),
          },
          ({ length, vcpu, tag, address }) => {
            expect(length).toBeLessThanOrEqual(capacity);
            for (let i = 0; i < length; i++) {
              const name = names[tag[i] ?? -1] ?? "unknown";
              seen.push(`${vcpu} ${name}${name.startsWith("access") ? ` ${address[i]}` : ""}`);
            }
          },
          { capacity },
        );
        fake.play(stream);
        expect(faults).toEqual([]);
        expect(seen).toEqual(eventsOf(stream));
      },
    ),
  );
});
