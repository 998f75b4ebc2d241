import type { LoadedObject } from "@qpp/plugins/symbols/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { peer } from "../../peers.js";
import { built, TOOLS, tool } from "./built.js";
import { run } from "./rig.js";

const missing = TOOLS.filter((each) => !peer(each));

/** What `nm` lists of a file: address and name of what is defined. */
function nm(path: string, ...flags: string[]): { address: number; type: string; name: string }[] {
  return tool("nm", [...flags, "--defined-only", path])
    .split("\n")
    .flatMap((line) => {
      const found = /^([0-9a-f]+) (\w) (.+)$/.exec(line);
      return found
        ? [{ address: Number.parseInt(found[1] ?? "", 16), type: found[2] ?? "", name: found[3] ?? "" }]
        : [];
    });
}

describe.skipIf(missing.length > 0)(`symbols on a real program (needs ${TOOLS.join(", ")})`, () => {
  let program: string;
  let library: string;
  beforeAll(() => {
    library = built("lib-shapes.cc", ["-O2", "-g", "-shared", "-fPIC"]);
    program = built("shapes.cc", ["-O2", "-g"]);
  });

  it("tells of each object when its code is mapped and before it runs, and when it goes", async () => {
    const told: string[] = [];
    const entered = new Set<string>();
    const { exit, output, faults } = await run(program, [library], ({ machine, symbols }) => {
      expect(symbols.objects().map(({ path }) => path)).toEqual([
        program,
        "/lib/ld-linux-riscv64-lp64d.so.1",
      ]);
      const file = ({ path }: LoadedObject): string => path.split("/").at(-1) ?? "";
      symbols.objectLoaded.register((process, object) => {
        expect(entered.has(object.path)).toBe(false);
        expect(symbols.objects()).toContain(object);
        told.push(`${process.pid} + ${file(object)}`);
      });
      symbols.objectUnloaded.register((process, object) => told.push(`${process.pid} - ${file(object)}`));
      machine.blocks.translated.register(({ pc }) => {
        const path = symbols.objectAt(pc)?.path;
        if (path) entered.add(path);
      });
    });
    expect(faults).toEqual([]);
    expect([exit.code, output]).toEqual([0, expect.stringMatching(/^\d+\n32\.250\n$/)]);
    // What is mapped has the name of the file, behind links such as libstdc++.so.6.
    const unversioned = told.map((line) => line.replace(/(\.so\.\d+)[.\d]*$/, "$1"));
    expect(unversioned).toEqual(
      [
        "100 + libstdc++.so.6",
        "100 + libc.so.6",
        "100 + libm.so.6",
        "100 + libgcc_s.so.1",
        "100 + lib-shapes.so",
        "100 - lib-shapes.so",
      ].sort((a, b) => unversioned.indexOf(a) - unversioned.indexOf(b)),
    );
    expect(entered).toContain(library);
  });

  it("knows each function and variable that nm lists, by address and by name", async () => {
    for (const path of [program, library]) {
      const listed = nm(path).filter(
        ({ type, name }) => /[TtWwVvDdBbRr]/.test(type) && !name.startsWith("$") && !name.startsWith(".L"),
      );
      const functions = listed.filter(({ type }) => /[Tt]/.test(type));
      expect(functions.length).toBeGreaterThan(5);
      let base = Number.NaN;
      let checked = 0;
      await run(program, [library], ({ symbols }) => {
        const check = (object: LoadedObject): void => {
          if (object.path !== path) return;
          ({ base } = object);
          for (const { address, name } of listed) {
            const all = symbols.find(name).filter((symbol) => symbol.object === object);
            expect(
              all.map(({ start }) => start),
              name,
            ).toContain(address + base);
          }
          for (const { address, name } of functions) {
            const same = functions.filter((each) => each.address === address).map((each) => each.name);
            const found = symbols.lookup(address + base);
            expect(same, name).toContain(found?.linkageName);
            expect(found).toMatchObject({
              offset: 0,
              start: address + base,
              kind: expect.stringMatching(/function|label/),
            });
            checked += 1;
          }
        };
        for (const object of symbols.objects()) check(object);
        symbols.objectLoaded.register((_, object) => check(object));
      });
      expect(checked).toBeGreaterThan(5);
    }
  });

  it("demangles names as c++filt does", async () => {
    const mangled = nm(program).filter(({ name }) => name.startsWith("_Z"));
    const plain = nm(program, "-C");
    const { imports } = await run(program, [library], () => {});
    const [{ base } = { base: 0 }] = imports.symbols.objects();
    for (const { address, name } of mangled) {
      const expected = plain.filter((each) => each.address === address).map((each) => each.name);
      const found = imports.symbols.find(name)[0];
      // c++filt puts the type that a template returns in front.
      const withReturn = expected.filter((each) => each === found?.name || each.endsWith(` ${found?.name}`));
      expect(withReturn, `${name}: ${found?.name}, not ${expected}`).not.toEqual([]);
      expect(found?.start).toBe(address + base);
    }
    expect(mangled.length).toBeGreaterThan(3);
  });

  it("names the stubs of the PLT as objdump does", async () => {
    const stubs = [...tool("objdump", ["-d", program]).matchAll(/^([0-9a-f]+) <(.+@plt)>:$/gm)].map(
      ([, at = "", name = ""]) => ({ address: Number.parseInt(at, 16), name }),
    );
    expect(stubs.length).toBeGreaterThan(5);
    const { imports } = await run(program, [library], () => {});
    const [{ base } = { base: 0 }] = imports.symbols.objects();
    for (const { address, name } of stubs) {
      // Names of versions are the linker's.
      expect(imports.symbols.lookup(address + base + 4)).toMatchObject({
        linkageName: name.replace(/@@?[^@]+@plt/, "@plt"),
        kind: "plt",
        offset: 4,
        size: 16,
      });
    }
  });

  it("finds by exact name, without parameters, by glob, by regular expression, and within an object", async () => {
    await run(program, [library], ({ symbols }) => {
      const names = (pattern: string): string[] => [
        ...new Set(symbols.find(pattern).map(({ name }) => name)),
      ];
      expect(names("compute")).toEqual(["compute(int)"]);
      expect(names("_Z7computei")).toEqual(["compute(int)"]);
      expect(names("inner::sum<int>")).toEqual([expect.stringContaining("inner::sum<int>(std::vector<int")]);
      expect(names("global_c*")).toEqual(["global_counter"]);
      expect(names("comput?")).toEqual(["compute(int)"]);
      expect(names("/^compute\\(/")).toEqual(["compute(int)"]);
      expect(names("no such name")).toEqual([]);
      expect(symbols.find("shapes!main")).toMatchObject([{ name: "main", kind: "function" }]);
      expect(symbols.find("libc.so.6!main")).toEqual([]);
      expect(() => symbols.find("/(/")).toThrow(SyntaxError);
    });
  });

  it("knows a stripped library by its dynamic symbols", async () => {
    await run(program, [library], ({ symbols }) => {
      symbols.objectLoaded.register((_, { path }) => {
        if (!path.endsWith("/libc.so.6")) return;
        const [printf] = symbols.find("libc.so.6!printf");
        expect(symbols.lookup((printf?.start ?? 0) + 8)).toMatchObject({ name: "printf", offset: 8 });
      });
    }).then(({ faults }) => expect(faults).toEqual([]));
  });

  it("reports what was loaded", async () => {
    const { result } = await run(program, [library], () => {});
    const { objects } = result as { objects: { path: string; base: string; buildId: string | null }[] };
    expect(objects[0]).toMatchObject({
      path: program,
      base: "0x40000000",
      buildId: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(objects.map(({ path }) => path)).toContain(library);
  });
});
