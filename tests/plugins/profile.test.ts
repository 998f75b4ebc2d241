import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { Profile } from "pprof-format";
import { expect, test } from "vitest";
import { childOf, costsOf, createRoot, pathsOf } from "../../packages/plugins/src/profile/call-tree.js";
import { folded, speedscope } from "../../packages/plugins/src/profile/files.js";
import { pprof } from "../../packages/plugins/src/profile/pprof.js";
import { guest } from "../emulator/machine/rig.js";
import { peer } from "../peers.js";
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

/** The messages of a name at the top of protoc's text, each as its lines without indentation. */
const messagesOf = (text: string, name: string): string[][] =>
  [...text.matchAll(new RegExp(`^${name} \\{\\n((?: .*\\n)*)\\}`, "gm"))].map(([, lines = ""]) =>
    lines.split("\n").map((line) => line.trim()),
  );
const valuesOf = (lines: readonly string[], field: string): number[] =>
  lines.filter((line) => line.startsWith(`${field}: `)).map((line) => Number(line.slice(field.length + 2)));

test.skipIf(!peer("protoc"))("pprof: protoc reads the paths with their counts (needs protoc)", () => {
  const paths = [
    { path: ["main", "a", "b"], insns: 2 ** 40 },
    { path: ["main"], insns: 1 },
    { path: ["main", "b"], insns: 7 },
  ];
  const { stdout, stderr } = spawnSync(
    "protoc",
    [`--proto_path=${fileURLToPath(new URL(".", import.meta.url))}`, "--decode=Profile", "profile.proto"],
    { input: gunzipSync(pprof(paths)), encoding: "utf8" },
  );
  expect(stderr).toBe("");
  const strings = [...stdout.matchAll(/^string_table: "(.*)"$/gm)].map(([, text]) => text);
  const [type] = messagesOf(stdout, "sample_type");
  const textOf = (lines: readonly string[] | undefined, field: string): string | undefined =>
    strings[valuesOf(lines ?? [], field)[0] ?? 0];
  expect([textOf(type, "type"), textOf(type, "unit")]).toEqual(["instructions", "count"]);
  const functions = new Map(
    messagesOf(stdout, "function").map((lines) => [valuesOf(lines, "id")[0], textOf(lines, "name")]),
  );
  const locations = new Map(
    messagesOf(stdout, "location").map((lines) => [
      valuesOf(lines, "id")[0],
      functions.get(valuesOf(lines, "function_id")[0]),
    ]),
  );
  const samples = messagesOf(stdout, "sample").map((lines) => ({
    path: valuesOf(lines, "location_id")
      .map((id) => locations.get(id))
      .reverse(),
    insns: valuesOf(lines, "value")[0],
  }));
  expect(samples).toEqual(paths);
});
