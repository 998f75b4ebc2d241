import { count, filter, map, mergeMap, of, scan, take, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { createRig, guest } from "../rig.js";

describe("a stream", () => {
  it("completes when the guest has ended, before the machine says so, on every kind of event", async () => {
    const rig = await createRig(guest("count-loop"));
    const { blocks, instructions, memory, syscalls, vcpus, exited } = rig.api;
    const order: string[] = [];
    const completing = (name: string) => ({ complete: () => order.push(name) });
    blocks.executed.subscribe(completing("blocks"));
    blocks.translated.subscribe(completing("translated"));
    instructions.executed.subscribe(completing("instructions"));
    memory.accessed.subscribe(completing("memory"));
    syscalls.entered.subscribe(completing("entered"));
    syscalls.returned.subscribe(completing("returned"));
    vcpus.exited.subscribe({ next: () => order.push("vcpu exited"), ...completing("vcpus") });
    exited.register(() => order.push("exited"));
    rig.machine.runSlice(1000);
    expect(order).toEqual([]);
    rig.run();
    const kinds = ["blocks", "translated", "instructions", "memory", "entered", "returned", "vcpus"];
    expect(order).toEqual(["vcpu exited", ...kinds, "exited"]);
  });

  it("lets operators that wait for the end give their results", async () => {
    const rig = await createRig(guest("hello"));
    const insns: number[] = [];
    const names: string[][] = [];
    const counted = rig.api.instructions.executed.count();
    rig.api.instructions.executed.pipe(count()).subscribe((n) => insns.push(n));
    rig.api.syscalls.entered
      .pipe(
        map((call) => call.name),
        toArray(),
      )
      .subscribe((all) => names.push(all));
    rig.api.exited.register(() => expect(insns).toHaveLength(1));
    rig.run();
    expect(insns).toEqual([counted.value]);
    expect(names[0]?.at(-1)).toBe("exit_group");
    expect(rig.faults).toEqual([]);
  });

  it("that is subscribed to after the end completes at once", async () => {
    const rig = await createRig(guest("exit-code"));
    rig.run();
    let completed = 0;
    const complete = (): void => {
      completed++;
    };
    const { blocks, syscalls } = rig.api;
    expect(blocks.executed.subscribe({ complete }).closed).toBe(true);
    expect(blocks.translated.subscribe({ complete }).closed).toBe(true);
    expect(syscalls.entered.subscribe({ complete }).closed).toBe(true);
    expect(completed).toBe(3);
  });

  it("goes through any operators, and stops when one of them has enough", async () => {
    const rig = await createRig(guest("count-loop"));
    const seen: number[] = [];
    let upstream = 0;
    rig.api.memory.accessed
      .pipe(
        filter(({ access }) => {
          upstream++;
          return access.isStore;
        }),
        scan((sum, { access }) => sum + access.bytes, 0),
        mergeMap((sum) => of(sum, -sum)),
        take(4),
      )
      .subscribe((value) => seen.push(value));
    rig.run();
    expect(seen).toEqual([8, -8, 12, -12]);
    // The load of argc, and two stores: then nothing is listened to any more.
    expect(upstream).toBe(3);
  });

  it("gives events that may be kept", async () => {
    const rig = await createRig(guest("count-loop"));
    const direct: string[] = [];
    const kept: { access: { address: number; value: bigint } }[] = [];
    rig.api.memory.accessed.register((_cpu, a) => direct.push(`${a.address} ${a.value}`));
    rig.api.memory.accessed.subscribe((event) => kept.push(event));
    rig.run();
    expect(kept.map(({ access: a }) => `${a.address} ${a.value}`)).toEqual(direct);
  });
});
