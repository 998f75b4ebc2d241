import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage } from "@arethetypeswrong/core";
import { problemAffectsResolutionKind } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf } from "../docs/blocks.js";
import { packAll, root, run, type Tarball } from "./tarballs.js";

const NAMES = ["cli", "core", "emulator", "plugins"];
/** They can be imported; `cli` is a command and nothing else. */
const LIBRARIES = NAMES.filter((name) => name !== "cli");

let folder: string;
let tarballs: ReadonlyMap<string, Tarball>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "qpp-publish-"));
  tarballs = new Map(packAll(folder).map((tarball) => [tarball.name, tarball]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

function packed(name: string): Tarball {
  const tarball = tarballs.get(name);
  if (tarball === undefined) throw new Error(`@qpp/${name} was not packed`);
  return tarball;
}

/** Paths inside the package. */
function filesOf({ content, name }: Tarball): string[] {
  return content.listFiles().map((file) => file.slice(`/node_modules/@qpp/${name}/`.length));
}

it("packs every package of the workspace", () => {
  expect([...tarballs.keys()].sort()).toEqual(NAMES);
  expect(readdirSync(join(root, "packages")).sort()).toEqual(NAMES);
});

describe.each(NAMES)("@qpp/%s, packed", (name) => {
  it("has a manifest without faults, as publint says", async () => {
    const tarball = packed(name);
    const { messages, pkg } = await publint({
      pack: { tarball: tarball.bytes.slice().buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("says what it is, and under which license", () => {
    const tarball = packed(name);
    expect(filesOf(tarball)).toEqual(expect.arrayContaining(["README.md", "LICENSE", "package.json"]));
    expect(tarball.manifest.license).toBe("MIT");
    expect(tarball.manifest.sideEffects).toBeDefined();
  });

  it("offers what it offers in the workspace, without the way to its sources", () => {
    const { manifest, source } = packed(name);
    const expected = Object.entries(source.exports).map(([path, target]) => {
      if (typeof target === "string") return [path, target];
      const { "@qpp/source": _, ...published } = target;
      return [path, published];
    });
    expect(manifest.exports).toEqual(Object.fromEntries(expected));
    expect(JSON.stringify(manifest.exports)).not.toContain("@qpp/source");
  });

  it("has declarations that lead to sources, and nothing left over from building", () => {
    const tarball = packed(name);
    const files = new Set(filesOf(tarball));
    const declared = [...files].filter((file) => file.startsWith("dist/") && file.endsWith(".d.ts"));
    expect(declared.length).toBeGreaterThan(0);
    for (const file of declared) {
      expect(files).toContain(`${file}.map`);
      expect(files).toContain(file.replace(/^dist\/(.*)\.d\.ts$/, "src/$1.ts"));
    }
    expect([...files].filter((file) => file.endsWith(".tsbuildinfo"))).toEqual([]);
  });

  it("names no package by its place in the workspace", () => {
    const { dependencies, peerDependencies } = packed(name).manifest;
    for (const range of Object.values({ ...dependencies, ...peerDependencies }))
      expect(range).toMatch(/^\^\d/);
  });
});

it.each(LIBRARIES)(
  "@qpp/%s has the right types for whoever imports it, as arethetypeswrong says",
  async (name) => {
    const { content } = packed(name);
    // It leaves out entry points that are patterns: these are the plugins.
    const files = content
      .listFiles()
      .flatMap((file) => /\/dist\/([\w-]+\/(?:index|contract))\.js$/.exec(file)?.[1] ?? []);
    const includeEntrypoints =
      name === "plugins" ? files.map((file) => `./${file.replace(/\/index$/, "")}`) : [];
    const analysis = await checkPackage(content, { includeEntrypoints });
    if (!analysis.types) throw new Error("no types were found");
    for (const entry of includeEntrypoints) expect(Object.keys(analysis.entrypoints)).toContain(entry);
    // The others are for CommonJS, which cannot import these packages before Node 20.19's `require` of ES modules.
    const wrong = analysis.problems.filter((problem) =>
      (["node16-esm", "bundler"] as const).some((kind) =>
        problemAffectsResolutionKind(problem, kind, analysis),
      ),
    );
    expect(wrong).toEqual([]);
  },
);

it("@qpp/core needs rxjs alone", () => {
  const { dependencies, peerDependencies = {}, peerDependenciesMeta = {} } = packed("core").manifest;
  expect(dependencies).toBeUndefined();
  const needed = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true,
  );
  expect(needed).toEqual(["rxjs"]);
});

/** Whether packages can be had: what the command is made with comes from there. */
const registry =
  spawnSync("npm", ["view", "rxjs@7.8.2", "version", "--fetch-retries=0"], { timeout: 20_000 }).status === 0;

/** As an author would have them who is strict. The declarations of libraries, ours among them, are checked as well. */
const OPTIONS = {
  target: "ES2022",
  lib: ["ES2023"],
  module: "NodeNext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  outDir: "out",
};

describe.skipIf(!registry)("in an empty project (needs the npm registry)", () => {
  let project: string;
  const guest = join(root, "guests/bin/count-loop");

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "qpp-project-"));
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const dependencies = Object.fromEntries(
      NAMES.map((name) => [`@qpp/${name}`, `file:${packed(name).path}`]),
    );
    for (const name of ["rxjs", "@types/node"]) dependencies[name] = devDependencies[name];
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ type: "module", private: true, dependencies }),
    );
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions: OPTIONS, include: ["*.ts"] }),
    );
    // The programs of the pages that come with the packages.
    for (const name of NAMES) {
      for (const { file, text } of blocksOf(
        readFileSync(join(root, "packages", name, "README.md"), "utf8"),
      )) {
        if (file !== undefined) writeFileSync(join(project, file), text);
      }
    }
    run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], project);
  }, 180_000);
  afterAll(() => rmSync(project, { recursive: true }));

  it("the packages' examples compile and run", () => {
    expect(readdirSync(project)).toEqual(expect.arrayContaining(["count.ts", "pair.ts", "plugin.ts"]));
    expect(readdirSync(join(project, "node_modules"))).not.toContain("fast-check");
    run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", project], project);
    expect(run(process.execPath, ["out/pair.js"], project)).toBe("qpp_client 2\n");
    const output = run(process.execPath, ["out/count.js", guest], project);
    expect(output).toMatch(/^4bdf964e95804902\nloads exit code 0 after 17001 loads\n$/);
  });

  it("the command runs a plugin of a few lines, and one of ours beside it", () => {
    const result = run(
      "npx",
      ["qpp", "run", "--json", "result.json", "-p", "./plugin.ts", "-p", "insn", guest],
      project,
    );
    expect(result).toBe("4bdf964e95804902\n");
    const { plugins } = JSON.parse(readFileSync(join(project, "result.json"), "utf8"));
    expect(plugins.insn).toEqual({ insns: 76196 });
    expect(plugins.branches.branches).toBeGreaterThan(1000);
  });

  it("the command finds the types of what a plugin offers", () => {
    expect(run("npx", ["qpp", "plugins", "qpp_srv"], project)).toContain(
      "(exitCode: number, clean: boolean)",
    );
  });
});
