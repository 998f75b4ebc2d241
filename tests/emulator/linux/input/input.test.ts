import fc from "fast-check";
import { expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import { createInput } from "../../../../packages/emulator/src/linux/files/input.js";

/** What happens: bytes come, the end is told once, a read fails once; the guest looks, or reads so many bytes at most. */
const event = fc.oneof(
  fc.record({ what: fc.constant("come" as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ what: fc.constantFrom("end" as const, "fail" as const, "look" as const) }),
  fc.record({ what: fc.constant("read" as const), count: fc.integer({ min: 0, max: 7 }) }),
);

test("what comes from outside is read once and in order, whatever is looked at between", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let last = 0;
      /** What the host has: runs of bytes, ends and errors between them. */
      const host: (number | "end" | "fail")[] = [];
      /** What the guest is to get, in the same order. */
      const due: (number | "end" | "fail")[] = [];
      let taken = 0;
      const input = createInput((into) => {
        if (host.length === 0) return undefined;
        if (host[0] === "end") return Number(host.shift() === undefined);
        if (host[0] === "fail") throw host.shift();
        let count = 0;
        for (; count < into.length && typeof host[0] === "number"; count++)
          into[count] = Number(host.shift());
        taken += count;
        return count;
      });
      let read = 0;
      for (const { what, ...more } of events) {
        const count = "count" in more ? more.count : 0;
        if (what === "come") {
          for (let i = 0; i < count; i++) {
            last = (last + 1) % 256;
            host.push(last);
            due.push(last);
          }
        } else if (what === "end" || what === "fail") {
          host.push(what);
          due.push(what);
        } else if (what === "look") {
          const before = input.found;
          expect(input.look()).toBe(before === undefined && due.length > 0);
          expect(input.found).toBe(due.length === 0 ? undefined : due[0] === "end" ? "end" : "something");
          // Nobody else misses more than this if the guest never reads.
          expect(taken - read).toBeLessThanOrEqual(1);
        } else {
          const into = new Uint8Array(count);
          let result: number;
          try {
            result = input.read(into);
          } catch (error) {
            expect(error).toBe("fail");
            expect(due.shift()).toBe("fail");
            continue;
          }
          if (count === 0) {
            expect(result).toBe(0);
          } else if (result === -Errno.EAGAIN) {
            expect(due).toEqual([]);
          } else if (result === 0) {
            expect(due.shift()).toBe("end");
          } else {
            read += result;
            expect([...into.subarray(0, result)]).toEqual(due.splice(0, result));
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});
