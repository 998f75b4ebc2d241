import { type Plugin, plugin } from "@qpp/core";
import { machine } from "../contract.js";
import type { MachineEvent } from "./stream.js";

/** A plugin that writes down all that a machine does. */
export interface Recorder {
  readonly plugin: Plugin;
  /** So far. */
  readonly events: readonly MachineEvent[];
}

/**
 * Makes a recorder: load it beside a machine, and what the machine does can be played again by a fake one.
 *
 * @example
 * ```ts
 * const recorder = createRecorder();
 * await container.load([{ plugin: real.plugin }, { plugin: recorder.plugin }]);
 * real.run();
 * fake.play(recorder);
 * ```
 */
export function createRecorder(): Recorder {
  const events: MachineEvent[] = [];
  const put = (event: MachineEvent): void => void events.push(event);
  return {
    events,
    plugin: plugin("recorder", {
      description: "writes down all that the machine does",
      requires: { machine },
      install({ machine: m }) {
        m.vcpus.initialized.register(({ index }) => put({ kind: "vcpu-initialized", vcpu: index }));
        m.vcpus.exited.register(({ index }) => put({ kind: "vcpu-exited", vcpu: index }));
        m.vcpus.idled.register(({ index }) => put({ kind: "vcpu-idled", vcpu: index }));
        m.vcpus.resumed.register(({ index }) => put({ kind: "vcpu-resumed", vcpu: index }));
        m.blocks.translated.register((block) => put({ kind: "translated", block }));
        m.blocks.executed.register((cpu, block) => put({ kind: "block", vcpu: cpu.index, block }));
        m.instructions.executed.register((cpu, instruction) =>
          put({ kind: "instruction", vcpu: cpu.index, instruction }),
        );
        m.memory.accessed.register((cpu, { site, address, value }) =>
          put({ kind: "access", vcpu: cpu.index, site, address, value }),
        );
        m.syscalls.entered.register(({ cpu, pc, number, rawArgs }) =>
          put({ kind: "syscall-entered", vcpu: cpu.index, pc, number, args: rawArgs }),
        );
        m.syscalls.returned.register(({ cpu, result }) =>
          put({ kind: "syscall-returned", vcpu: cpu.index, result }),
        );
        m.flushed.register(() => put({ kind: "flushed" }));
        m.discontinuities.register(({ cpu, kind, from, to, signal }) =>
          put({ kind: "discontinuity", vcpu: cpu.index, type: kind, from, to, signal }),
        );
        m.exited.register((code, { signal }) =>
          put({ kind: "exited", code, ...(signal !== undefined && { signal }) }),
        );
      },
    }),
  };
}
