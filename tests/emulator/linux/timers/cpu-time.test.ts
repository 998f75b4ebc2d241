import fc from "fast-check";
import { expect, test } from "vitest";
import { createCpuMeter } from "../../../../packages/emulator/src/linux/cpu-time.js";

test("time goes to whoever runs, to the nanosecond, and alarms ring by the time of whose they are", () => {
  const step = fc.tuple(fc.nat(3), fc.nat(50), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let busy = 1000;
      const meter = createCpuMeter(() => busy);
      const process = meter.account();
      const threads = [0, 1, 2, 3].map(() => meter.account());
      const expected = [0, 0, 0, 0];
      const rung: string[] = [];
      const due: string[] = [];
      for (const [index, time, alarm] of steps) {
        const thread = threads[index];
        if (!thread) throw new RangeError(`no thread ${index}`);
        meter.run([thread, process]);
        const end = busy + time;
        if (alarm) {
          const at = thread.now() + 10;
          const name = `${index} at ${at}`;
          thread.alarms.set(at, () => rung.push(name));
          due.push(name);
        }
        // As the machine does: up to the next alarm, which then rings.
        while (meter.alarms.next <= end) {
          busy = Math.max(busy, meter.alarms.next);
          meter.alarms.ring(busy);
        }
        busy = end;
        expected[index] = (expected[index] ?? 0) + time;
      }
      expect(threads.map((thread) => thread.now())).toEqual(expected);
      expect(process.now()).toBe(expected.reduce((sum, time) => sum + time, 0));
      const isDue = (name: string): boolean => {
        const [index = 0, at = 0] = name.split(" at ").map(Number);
        return at <= (expected[index] ?? 0);
      };
      expect([...rung].sort()).toEqual(due.filter(isDue).sort());
    }),
  );
});
