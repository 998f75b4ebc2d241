import type { Instruction, MemoryAccess, MemoryEvents } from "@qpp/emulator/contract";
import { SystemModeOnlyError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { createRig, guest } from "../rig.js";

describe("get_hwaddr, hwaddr_*, insn_haddr", () => {
  it("answer with a typed error, on every lane", async () => {
    const rig = await createRig(guest("count-loop"));
    const errors = new Set<unknown>();
    const note = (call: () => never): void => {
      try {
        call();
      } catch (error) {
        errors.add(error instanceof SystemModeOnlyError ? `${error.code}: ${error.message}` : error);
      }
    };
    let instruction: Instruction | undefined;
    rig.api.instructions.executed.register((_cpu, insn) => {
      instruction ??= insn;
    });
    let access: MemoryAccess | undefined;
    rig.api.memory.accessed.register((_cpu, a) => {
      access ??= a;
    });
    let kept: MemoryAccess | undefined;
    rig.api.memory.accessed.subscribe((event) => {
      kept ??= event.access;
    });
    rig.run();
    const [insn, direct, rx] = [instruction, access, kept];
    if (!insn || !direct || !rx) throw new Error("no events");
    note(() => insn.hardwareAddress());
    note(() => direct.hardwareAddress());
    note(() => rx.hardwareAddress());
    const why = "exists in system mode only; this machine runs one user-mode program";
    expect([...errors]).toEqual([
      `QPP_SYSTEM_MODE_ONLY: the host address of an instruction ${why}`,
      `QPP_SYSTEM_MODE_ONLY: the host address of an access ${why}`,
    ]);
  });
});

describe("translate_vaddr, read_memory_hwaddr, write_memory_hwaddr", () => {
  const calls: readonly (readonly [string, (m: MemoryEvents) => never])[] = [
    ["translate", (m) => m.translate(0x1_0000)],
    ["readHardware", (m) => m.readHardware(0x1_0000, 4)],
    ["writeHardware", (m) => m.writeHardware(0x1_0000, Uint8Array.of(1))],
  ];
  it.each(calls)("%s answers with a typed error", async (_, call) => {
    const { api } = await createRig(guest("exit-code"));
    expect(() => call(api.memory)).toThrow(SystemModeOnlyError);
    expect(() => call(api.memory)).toThrow(/exists? in system mode only/);
  });
});
