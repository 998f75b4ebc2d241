import { describe, expect, it } from "vitest";
import { createHostClock } from "../../../packages/emulator/src/linux/clock.js";
import { A0, A1, A2, DATA, exit, type Item, label, li, op, S0, syscall, T0, to } from "./assemble.js";
import { createRig, program, type RigOptions } from "./rig.js";

const MILLISECOND = 1_000_000;
const HOST: RigOptions = { clock: "host" };

/** Stores 64-bit numbers from an address on. */
const store = (address: number, ...values: readonly number[]): Item[] => [
  ...li(S0, address),
  ...values.flatMap((value, i) => [...li(T0, value), op("sd", { rs1: S0, rs2: T0, imm: 8 * i })]),
];

const nap = (nanoseconds: number): Item[] => [
  ...store(DATA, 0, nanoseconds),
  ...li(A0, DATA),
  ...li(A1, 0),
  ...syscall("nanosleep"),
];

const readClock = (id: number, address: number): Item[] => [
  ...li(A0, id),
  ...li(A1, address),
  ...syscall("clock_gettime"),
];

/** What a `struct timespec` shows, in milliseconds. */
function milliseconds(bytes: Uint8Array | undefined): number {
  if (!bytes) throw new Error("no such memory");
  const view = new DataView(bytes.slice().buffer);
  return Number(view.getBigInt64(0, true)) * 1000 + Number(view.getBigInt64(8, true)) / MILLISECOND;
}

describe("the host's clock", () => {
  it("goes on from the time of day as the monotonic clock does, and comes back early from a long sleep", () => {
    let monotonic = 5_000;
    const naps: number[] = [];
    const clock = createHostClock({
      now: () => 1_700_000_000_250,
      monotonic: () => monotonic,
      sleep(time) {
        naps.push(time);
        monotonic += time * MILLISECOND;
      },
    });
    expect([clock.startSeconds, clock.nanoseconds(), clock.busyNanoseconds()]).toEqual([
      1_700_000_000,
      250 * MILLISECOND,
      0,
    ]);
    monotonic += 30;
    expect(clock.advance(4 * MILLISECOND)).toBe(true);
    expect(clock.advance(1000 * MILLISECOND)).toBe(false);
    expect(naps).toEqual([4, 10]);
    expect(clock.nanoseconds()).toBe(264 * MILLISECOND + 30);
    expect(clock.busyNanoseconds()).toBe(30);
  });

  it("is what the guest's clocks show, and what it sleeps by", async () => {
    const rig = await createRig(
      program([
        ...readClock(0, DATA + 16),
        ...readClock(1, DATA + 32),
        ...nap(150 * MILLISECOND),
        ...readClock(1, DATA + 48),
        ...exit(0),
      ]),
      HOST,
    );
    const { memory } = rig.api;
    const before = Date.now();
    rig.run();
    const [after, wall, ...slept] = [
      Date.now(),
      ...[16, 32, 48].map((at) => milliseconds(memory.read(DATA + at, 16))),
    ];
    expect(wall).toBeGreaterThanOrEqual(before - 1);
    expect(wall).toBeLessThan(after);
    expect(after - before).toBeGreaterThanOrEqual(149);
    expect((slept[1] ?? 0) - (slept[0] ?? 0)).toBeGreaterThanOrEqual(150);
  });

  it("rings a timer while the guest computes, which ends it", async () => {
    const rig = await createRig(
      program([
        ...store(DATA, 0, 0, 0, 60_000),
        ...li(A0, 0),
        ...li(A1, DATA),
        ...li(A2, 0),
        ...syscall("setitimer"),
        label("on"),
        to("on", "jal", { rd: 0 }),
      ]),
      HOST,
    );
    const before = performance.now();
    expect(rig.run()).toMatchObject({ signal: "SIGALRM" });
    expect(performance.now() - before).toBeGreaterThanOrEqual(59);
  });

  it("lets the host go on with its own work in the midst of a sleep", async () => {
    const rig = await createRig(program([...nap(999 * MILLISECOND), ...exit(0)]), HOST);
    const before = performance.now();
    expect(rig.machine.runSlice(1_000_000)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(900);
    expect(rig.machine.interrupt("enough", 7)).toMatchObject({ code: 7, stopped: "enough" });
  });

  it("is not what the guest gets unless told", async () => {
    const rig = await createRig(program([...nap(999 * MILLISECOND), ...readClock(0, DATA), ...exit(0)]));
    const before = performance.now();
    rig.run();
    expect(performance.now() - before).toBeLessThan(900);
    expect(Math.floor(milliseconds(rig.api.memory.read(DATA, 16)))).toBe(Date.UTC(2025, 0, 1) + 999);
  });
});

describe("the host's randomness", () => {
  async function drawn(options: RigOptions): Promise<string> {
    const rig = await createRig(
      program([...li(A0, DATA), ...li(A1, 64), ...li(A2, 0), ...syscall("getrandom"), ...exit(0)]),
      options,
    );
    rig.run();
    return Buffer.from(rig.api.memory.read(DATA, 64) ?? []).toString("hex");
  }

  it("differs from run to run, and the seed's does not", async () => {
    expect(await drawn({})).toBe(await drawn({ random: "seed" }));
    expect(
      new Set([await drawn({}), await drawn({ random: "host" }), await drawn({ random: "host" })]).size,
    ).toBe(3);
  });
});
