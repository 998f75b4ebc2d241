import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { Profile } from "pprof-format";
import { expect, test } from "vitest";
import { childOf, costsOf, createRoot, pathsOf } from "../../packages/plugins/src/profile/call-tree.js";
import { folded, speedscope } from "../../packages/plugins/src/profile/files.js";
import { pprof } from "../../packages/plugins/src/profile/pprof.js";
import { guest } from "../emulator/machine/rig.js";
import { resultOf, rigWith } from "./real.js";

interface Result {
  readonly insns: number;
  readonly functions: readonly { readonly name: string; readonly self: number; readonly total: number }[];
}

test.each([
  ["fib", ["18"]],
  ["count-calls", []],
  ["strings", ["20"]],
  ["segv", []],
  ["spawn-signal", []],
] as const)("%s %s: every instruction belongs to one call path", async (name, args) => {
  const rig = await rigWith(guest(name, ...args), { callstack: {}, profile: { limit: "0" } });
  rig.run();
  const { insns, functions } = resultOf(rig, "profile") as Result;
  expect(insns).toBe(rig.machine.executed);
  expect(functions.reduce((sum, { self }) => sum + self, 0)).toBe(insns);
  for (const { self, total } of functions) expect(self).toBeLessThanOrEqual(total);
});

const paths = fc.array(fc.tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), fc.nat(100)));

test("the tree adds up what a list of samples adds up, recursion counting once", () => {
  fc.assert(
    fc.property(paths, (samples) => {
      const root = createRoot();
      for (const [path, insns] of samples) {
        const node = path.reduce((parent, key) => childOf(parent, key, (k) => `f${k}`), root);
        node.self += insns;
      }
      const got = costsOf(pathsOf(root));
      for (const { name, self, total } of got) {
        const key = Number(name.slice(1));
        const sum = (of: readonly (readonly [readonly number[], number])[]): number =>
          of.reduce((all, [, insns]) => all + insns, 0);
        expect(self).toBe(sum(samples.filter(([path]) => path.at(-1) === key)));
        expect(total).toBe(sum(samples.filter(([path]) => path.includes(key))));
      }
      const named = new Set(got.map(({ name }) => name));
      for (const [path, insns] of samples)
        if (insns > 0) for (const key of path) expect(named).toContain(`f${key}`);
    }),
  );
});

test("files: folded stacks keep their separators, speedscope's weights are those of its samples", () => {
  const given = [
    { path: ["main", "a;b"], insns: 2 },
    { path: ["main"], insns: 1 },
  ];
  expect(folded(given)).toBe("main 1\nmain;a:b 2\n");
  expect(JSON.parse(speedscope("name", given))).toMatchObject({
    shared: { frames: [{ name: "main" }, { name: "a;b" }] },
    profiles: [{ type: "sampled", endValue: 3, samples: [[0, 1], [0]], weights: [2, 1] }],
  });
});

test("pprof: a library that reads it finds the paths with their counts", () => {
  const name = fc.constantFrom("main", "a", "b", "operator<<");
  const some = fc.record({ path: fc.array(name, { minLength: 1, maxLength: 6 }), insns: fc.nat() });
  fc.assert(
    fc.property(fc.array(some), (paths) => {
      const read = Profile.decode(gunzipSync(pprof(paths)));
      const text = (index: number | bigint): string => read.stringTable.strings[Number(index)] ?? "";
      const functions = new Map(read.function.map(({ id, name: at }) => [Number(id), text(at)]));
      const locations = new Map(
        read.location.map(({ id, line }) => [Number(id), functions.get(Number(line[0]?.functionId))]),
      );
      expect(read.sampleType.map(({ type, unit }) => [text(type), text(unit)])).toEqual([
        ["instructions", "count"],
      ]);
      expect(
        read.sample.map(({ locationId, value }) => ({
          path: locationId.map((id) => locations.get(Number(id))).reverse(),
          insns: Number(value[0]),
        })),
      ).toEqual(paths);
    }),
  );
});
