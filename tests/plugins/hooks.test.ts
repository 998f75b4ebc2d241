import { readFileSync } from "node:fs";
import { type Imports, plugin } from "@qpp/core";
import { hooks as hooksContract } from "@qpp/plugins/hooks/contract";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createPending } from "../../packages/plugins/src/hooks/pending.js";
import { parseTraced } from "../../packages/plugins/src/hooks/trace.js";
import { peer } from "../peers.js";
import { rigWith } from "./real.js";
import { built } from "./symbols/built.js";

const GCC = "riscv64-linux-gnu-gcc";
type Hooks = Imports<typeof hooksContract>;

/** A plugin that sets hooks. */
const watching = (set: (hooks: Hooks) => void) =>
  plugin("watching", { requires: { hooks: hooksContract }, install: ({ hooks }) => set(hooks) });

describe.skipIf(!peer(GCC))(`hooks (needs ${GCC})`, () => {
  let path: string;
  beforeAll(() => {
    path = built("hooked.c", ["-O1", "-foptimize-sibling-calls", "-static"]);
  });

  async function run(
    set: (hooks: Hooks) => void,
    args: Readonly<Record<string, string>> = {},
  ): Promise<{ output: string[]; said: readonly string[]; faults: readonly unknown[] }> {
    const from = { path, image: readFileSync(path), args: [] };
    const rig = await rigWith(from, { callstack: {}, symbols: {}, hooks: args });
    await rig.container.load([{ plugin: watching(set) }]);
    rig.run();
    return { output: rig.output().trimEnd().split("\n"), said: rig.logged, faults: rig.faults };
  }
  const PLAIN = ["10936", "6.25", "hello, world", "5", "42"];

  it("reads arguments, on the stack too, and results", async () => {
    const seen: unknown[] = [];
    const { output } = await run((hooks) => {
      hooks.attach("sum10", {
        onEnter: (call) => Array.from({ length: 10 }, (_, n) => call.arg(n)),
        onLeave: (call, result, args) => seen.push(call.name, args, result?.value),
      });
      hooks.attach("scale", {
        onEnter: (call) => [call.doubleArg(0), call.arg(0), call.doubleArg(1)],
        onLeave: (_call, result, args) => seen.push(args, result?.doubleValue),
      });
      hooks.attach("greet", { onEnter: (call) => seen.push(call.string(call.arg(0))) });
    });
    expect(output).toEqual(PLAIN);
    expect(seen).toEqual(["sum10", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10936, [1.5, 4, 0.25], 6.25, "world"]);
  });

  it("replaces arguments and results", async () => {
    const { output } = await run((hooks) => {
      hooks.attach("sum10", {
        onEnter: (call) => {
          call.setArg(0, -1);
          call.setArg(9, 0n);
        },
        onLeave: (_call, result) => result?.replace(result.value * 2),
      });
      hooks.attach("scale", {
        onEnter: (call) => call.setDoubleArg(1, 1),
        onLeave: (_call, result) => result?.replaceDouble(result.doubleValue / 2),
      });
    });
    expect(output).toEqual([String((10936 - 2 - 10_000) * 2), "3.5", ...PLAIN.slice(2)]);
  });

  it("follows recursion, tail calls, and what does not return", async () => {
    const seen: string[] = [];
    const { output } = await run((hooks) => {
      for (const name of ["depth", "leap", "tail", "last"]) {
        hooks.attach(name, {
          onEnter: (call) => {
            seen.push(`> ${name} ${call.arg(0)}`);
            return call.arg(0);
          },
          onLeave: (_call, result, arg) => seen.push(`< ${name} ${arg} ${result?.value}`),
        });
      }
    });
    expect(output).toEqual(PLAIN);
    const down = [5, 4, 3, 2, 1, 0];
    expect(seen).toEqual([
      ...down.map((n) => `> depth ${n}`),
      ...[...down].reverse().map((n) => `< depth ${n} ${n}`),
      ...[2, 1, 0].map((n) => `> leap ${n}`),
      ...[0, 1, 2].map((n) => `< leap ${n} undefined`),
      "> tail 20",
      "> last 21",
      "< last 21 42",
      "< tail 20 42",
    ]);
  });

  it("calls something else instead of a function", async () => {
    const seen: unknown[] = [];
    const { output } = await run((hooks) => {
      hooks.replace("greet", (call) => void seen.push(call.string(call.arg(0))));
      hooks.replace("depth", (call) => call.arg(0) + 0x1_0000_0000);
      hooks.attach("depth", { onLeave: (_call, result) => seen.push(result?.value) });
      hooks.replace("last", () => -1n);
    });
    expect(output).toEqual(["10936", "6.25", "4294967301", "-1"]);
    expect(seen).toEqual(["world", 0x1_0000_0005]);
  });

  it("takes patterns and addresses, and hooks back", async () => {
    const seen: string[] = [];
    let address = 0;
    await run((hooks) => {
      hooks.attach("/^(sum10|scale)$/", { onEnter: ({ name }) => seen.push(name) });
      const once = hooks.attach("depth", {
        onEnter: (call) => {
          address = call.address;
          seen.push(`depth ${call.arg(0)}`);
          if (call.arg(0) === 3) once.detach();
        },
        onLeave: () => seen.push("never"),
      });
    });
    expect(seen).toEqual(["sum10", "scale", "depth 5", "depth 4", "depth 3"]);
    const again: number[] = [];
    await run((hooks) => void hooks.attach(address, { onEnter: (call) => again.push(call.arg(0)) }));
    expect(again).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it("takes back a hook that throws, says so, and keeps the others", async () => {
    const seen: number[] = [];
    const { output, said, faults } = await run((hooks) => {
      hooks.attach("depth", {
        onEnter: () => {
          throw new Error("no");
        },
      });
      hooks.attach("depth", { onEnter: (call) => seen.push(call.arg(0)) });
    });
    expect(output).toEqual(PLAIN);
    expect(seen).toEqual([5, 4, 3, 2, 1, 0]);
    expect(said).toEqual([expect.stringContaining("the hook of depth threw, and was taken back: no")]);
    expect(faults).toEqual([]);
  });

  it("prints calls by itself", async () => {
    const { said } = await run(() => {}, { trace: "sum10:dddddddddd=d,greet:s=s,scale:fdf=f,leap:d=-" });
    expect(said.map((line) => line.replace(/^hooks */, ""))).toEqual([
      "sum10(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) = 10936",
      "scale(1.5, 4, 0.25) = 6.25",
      'greet("world") = "world"',
      "leap(0) did not return",
      "leap(1) did not return",
      "leap(2) did not return",
    ]);
  });
});

describe("what is to be traced", () => {
  it.each([
    ["malloc", { target: "malloc", args: ["x", "x", "x", "x"], result: "x" }],
    ["malloc:u", { target: "malloc", args: ["u"], result: "x" }],
    ["puts:s=d", { target: "puts", args: ["s"], result: "d" }],
    ["free:x=-", { target: "free", args: ["x"], result: "-" }],
    ["std::sort", { target: "std::sort", args: ["x", "x", "x", "x"], result: "x" }],
    ["std::fx:", { target: "std::fx", args: [], result: "x" }],
    ["ns::f:xd", { target: "ns::f", args: ["x", "d"], result: "x" }],
  ])("%s", (text, traced) => {
    expect(parseTraced(text)).toEqual(traced);
  });
});

describe("what waits for a frame", () => {
  it("is taken with it and with all below, the last first, on its own stack", () => {
    const command = fc.oneof(
      fc.record({ add: fc.nat({ max: 4 }), stack: fc.nat({ max: 2 }) }),
      fc.record({ take: fc.nat({ max: 4 }), stack: fc.nat({ max: 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const pending = createPending<number>();
        const model = new Map<number, { depth: number; what: number }[]>();
        commands.forEach((each, what) => {
          const mine = model.get(each.stack) ?? [];
          model.set(each.stack, mine);
          if ("add" in each) {
            // Frames are entered from the outermost to the innermost.
            const depth = Math.max(each.add, ...mine.map((one) => one.depth));
            pending.add(each.stack, depth, what);
            mine.push({ depth, what });
          } else {
            const taken = mine.filter(({ depth }) => depth >= each.take).map((one) => one.what);
            model.set(
              each.stack,
              mine.filter(({ depth }) => depth < each.take),
            );
            expect(pending.take(each.stack, each.take)).toEqual(taken.reverse());
          }
        });
      }),
    );
  });
});
