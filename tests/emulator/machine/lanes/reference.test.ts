import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DATA, DATA_SIZE } from "../assemble.js";
import { program } from "../rig.js";
import { randomProgram } from "./random-program.js";
import { type Event, infoOf, type Reference, referenceOf } from "./reference.js";

type Access = Event & { readonly kind: "access" };

/** Memory as stores leave it: gives what is wrong with an access. */
function shadowMemory(): (access: Access) => string | undefined {
  const bytes = new Uint8Array(DATA_SIZE);
  return ({ site, columns: [address = 0, pc, low = 0, high = 0, info] }) => {
    if (pc !== site.pc || info !== infoOf(site)) return "another pc or info than its site's";
    const value = BigInt(low) | (BigInt(high) << 32n);
    if (value >> BigInt(8 * site.bytes) !== 0n) return "a value wider than the access";
    for (let i = 0; i < site.bytes; i++) {
      const byte = Number((value >> BigInt(8 * i)) & 0xffn);
      const at = address - DATA + i;
      if (site.isStore) bytes[at] = byte;
      else if (bytes[at] !== byte) return "a load of something that was never stored there";
    }
    return undefined;
  };
}

/** What is wrong with a stream of events: blocks, in them instructions, with them accesses, each counted. */
function problemsOf({ events, executed, insns }: Reference): string[] {
  const problems: string[] = [];
  const memory = shadowMemory();
  let waiting: readonly unknown[] = [];
  let current: unknown;
  let done = -1;
  events.forEach((event, i) => {
    const say = (what: string | undefined): void => {
      if (what !== undefined) problems.push(`event ${i}, ${event.kind} at ${event.pc}: ${what}`);
    };
    if (event.kind === "block") {
      if (waiting.length > 0) say("the block before is not over");
      waiting = event.site.instructions;
      if (executed[i] !== done + 1) say("counted wrong");
    } else if (event.kind === "instruction") {
      done++;
      if (event.site !== waiting[0]) say("not the next one of its block");
      waiting = waiting.slice(1);
      current = event.site;
      if (executed[i] !== done) say("counted wrong");
    } else {
      if (event.site.instruction !== current) say("not of the instruction before");
      if (executed[i] !== done) say("counted wrong");
      say(memory(event));
    }
    if (event.pc !== event.site.pc) say("another pc than its site's");
  });
  if (insns !== done + 1) problems.push(`${insns} instructions, ${done + 1} events`);
  return problems;
}

describe("the direct lane", () => {
  it("tells blocks, then their instructions, then the accesses of each, with exact counts", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, async (items) => {
        const reference = await referenceOf(program(items));
        expect(reference.exit.code).toBe(0);
        expect(problemsOf(reference)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
