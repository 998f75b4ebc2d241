import type { ClockControl } from "@qpp/emulator/contract";
import { ClockOwnedError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, A1, DATA, exit, label, li, op, S0, syscall, T0, to } from "../assemble.js";
import { createRig, program, watcher } from "../rig.js";

/** Asks for CLOCK_MONOTONIC again and again; seconds are at DATA, nanoseconds at DATA + 8. */
const asking = program([
  ...li(S0, 3),
  label("again"),
  ...li(A0, 1),
  ...li(A1, DATA),
  ...syscall("clock_gettime"),
  op("addi", { rd: S0, rs1: S0, imm: -1 }),
  to("again", "bne", { rs1: S0, rs2: 0 }),
  ...exit(0),
]);

describe("request_time_control, update_ns", () => {
  it("hands the guest's clock to one plugin, which sets it", async () => {
    const times: number[] = [];
    let clock: ClockControl | undefined;
    const rig = await createRig(asking, {
      plugins: [
        watcher("keeper", (m) => {
          clock = m.clock.request();
          clock.set(1_000_000_000);
          let asked = 0;
          m.syscalls
            .where((s) => s.name === "clock_gettime")
            .entered.register(() => {
              asked++;
              clock?.set(1_000_000_000 + asked * 2_500_000_000);
            });
          m.syscalls
            .where((s) => s.name === "clock_gettime")
            .returned.register(() => {
              const bytes = m.memory.read(DATA, 16);
              if (!bytes) throw new Error("no data");
              const view = new DataView(bytes.buffer);
              times.push(Number(view.getBigUint64(0, true)) * 1e9 + Number(view.getBigUint64(8, true)));
            });
        }),
      ],
    });
    rig.run();
    const differences = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(differences).toEqual([2_500_000_000, 2_500_000_000]);
    expect(rig.api.clock.nanoseconds).toBe(8_500_000_000);
  });

  it("refuses a second owner by name, until the first gives it back or is uninstalled", async () => {
    const rig = await createRig(asking, { plugins: [watcher("first", (m) => void m.clock.request())] });
    const { clock } = rig.api;
    expect(() => clock.request()).toThrow(ClockOwnedError);
    expect(() => clock.request()).toThrow(
      'the guest\'s clock belongs to plugin "first" until it releases it',
    );
    rig.container.uninstall("first");
    const held = clock.request();
    expect(() => clock.request()).toThrow('belongs to plugin "(host)"');
    held.release();
    clock.request().release();
  });

  it("never goes back, nor to what is no time", async () => {
    const { clock } = (await createRig(asking)).api;
    const held = clock.request();
    held.set(100);
    held.set(100);
    for (const bad of [99, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => held.set(bad)).toThrow(RangeError);
      expect(() => held.set(bad)).toThrow("the guest's clock goes on from 100 ns");
    }
    expect(clock.nanoseconds).toBe(100);
  });

  it("gives the clock back at its present time, once", async () => {
    const rig = await createRig(asking);
    const { clock } = rig.api;
    const held = clock.request();
    held.set(5000);
    held.release();
    expect(clock.nanoseconds).toBe(5000);
    expect(() => held.set(6000)).toThrow("the clock was given back");
    const next = clock.request();
    held.release();
    next.set(7000);
    next.release();
    rig.run();
    expect(clock.nanoseconds).toBe(7000 + rig.machine.executed);
  });
});

describe("the clock that nobody owns", () => {
  it("goes on by a nanosecond an instruction, exactly, wherever a plugin looks", async () => {
    const rig = await createRig(asking);
    const seen: boolean[] = [];
    const look = (): void => {
      seen.push(rig.api.clock.nanoseconds === rig.api.executed());
    };
    rig.api.instructions.executed.register(look);
    rig.api.syscalls.entered.register(look);
    rig.api.syscalls.returned.register(look);
    rig.run();
    expect(seen.length).toBeGreaterThan(20);
    expect(seen).not.toContain(false);
  });

  it("never goes back, not even where a callback leaves its block half-way", async () => {
    const rig = await createRig(asking);
    let last = 0;
    let jumped = false;
    rig.api.instructions.executed.register(
      (cpu, insn) => {
        expect(rig.api.clock.nanoseconds).toBeGreaterThanOrEqual(last);
        last = rig.api.clock.nanoseconds;
        if (jumped || insn.name !== "lui") return;
        jumped = true;
        cpu.setPc(insn.pc);
      },
      { registers: "write-pc" },
    );
    rig.run();
    expect(jumped).toBe(true);
    expect(rig.faults).toEqual([]);
  });

  it("is what the guest reads as time, cycle and instret", async () => {
    const [TIME, CYCLE, INSTRET] = [0xc01, 0xc00, 0xc02];
    const rig = await createRig(
      program([
        ...Array.from({ length: 240 }, () => op("addi")),
        op("csrrs", { rd: T0, rs1: 0, imm: CYCLE }),
        op("addi"),
        op("csrrs", { rd: A0, rs1: 0, imm: INSTRET }),
        op("csrrs", { rd: A1, rs1: 0, imm: TIME }),
        ...exit(0).slice(1),
      ]),
    );
    const seen: unknown[] = [];
    rig.api.vcpus.exited.register(({ registers }) =>
      seen.push(...["t0", "a0", "a1"].map((name) => registers.readNumber(name))),
    );
    expect(rig.run().code).toBe(242);
    // The time register ticks every 100 ns.
    expect(seen).toEqual([240, 242, 2]);
  });
});
