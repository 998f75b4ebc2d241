import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Mapping } from "@qpp/emulator/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { peer } from "../../../peers.js";
import { compile } from "../../../programs/harness/compile.js";
import { programsOf } from "../../../programs/harness/program.js";
import { crossFiles, crossLibrary } from "../cross.js";
import { createRig, type Guest, guest, type Rig } from "../rig.js";
import { pagesOf, shadow } from "./shadow.js";

const COMPILER = "riscv64-linux-gnu-gcc";

const named = (mappings: readonly Mapping[], name: string): readonly Mapping[] =>
  mappings.filter((mapping) => mapping.name === name);

async function compiled(path: string, link: "static" | "dynamic" = "static"): Promise<Guest> {
  const text = readFileSync(path, "utf8");
  const made = await compile(
    {
      name: path,
      path,
      text,
      flags: [],
      link,
      libraries: [],
      args: [],
      loopback: false,
      stdin: "",
      witness: "qemu",
    },
    "riscv64",
  );
  return { path: made, image: readFileSync(made), args: [] };
}

describe("machine.mappings", () => {
  it("tells a program's segments, heap, stack and the kernel's page, before it runs and at its end", async () => {
    const hello = guest("hello");
    const { api, machine } = await createRig(hello);
    const first = api.mappings();
    expect(api.mappings()).toBe(first);
    expect([...new Set(first.map(({ name }) => name))]).toEqual([hello.path, "", "[vdso]", "[stack]"]);
    const [code] = first.filter(({ executable, file }) => executable && file);
    expect(code).toMatchObject({ readable: true, writable: false, shared: false, offset: 0 });
    expect(named(first, "[stack]")[0]).toMatchObject({ readable: true, writable: true, file: undefined });
    let atExit: readonly Mapping[] = [];
    api.exited.register(() => {
      atExit = api.mappings();
    });
    machine.run();
    expect(named(atExit, hello.path).length).toBeGreaterThan(0);
  });

  it("reads the file behind a mapping, in parts, up to its end and not beyond", async () => {
    const hello = guest("hello");
    const { api, machine } = await createRig(hello);
    const file = api.mappings().find((mapping) => mapping.file)?.file;
    expect(file?.path).toBe(hello.path);
    machine.run();
    expect(file?.size()).toBe(hello.image.length);
    expect(file?.read(64, 100)).toEqual(new Uint8Array(hello.image.subarray(64, 164)));
    expect(file?.read(hello.image.length - 3, 100)).toHaveLength(3);
    expect(file?.read(hello.image.length + 3, 100)).toHaveLength(0);
  });
});

describe.skipIf(!peer(COMPILER))(`machine.mapped and machine.unmapped (needs ${COMPILER})`, () => {
  let changes: Guest;
  beforeAll(async () => {
    changes = await compiled(fileURLToPath(new URL("changes.c", import.meta.url)));
  });

  it("tell exactly what changes, so that who listens knows all pages at every time", async () => {
    const rig = await createRig(changes, { files: crossFiles(changes.path) });
    let checked = 0;
    const { told } = shadow(rig.api, (pages) => {
      checked += 1;
      expect(pages).toEqual(pagesOf(rig.api.mappings()));
    });
    expect(rig.run()).toMatchObject({ code: 0 });
    expect(rig.faults).toEqual([]);
    expect(rig.output()).toBe("7 1\n");
    expect(checked).toBeGreaterThan(20);
    const kinds = told.map((line) =>
      line.replace(/[0-9a-f]+-[0-9a-f]+/, (range) => {
        const [from = 0, to = 0] = range.split("-").map((part) => Number.parseInt(part, 16));
        return `${(to - from) / 4096}`;
      }),
    );
    const after = kinds.slice(kinds.indexOf("100 unmapped 2") - 1);
    expect(kinds).toContain("100 mapped 10 [heap]");
    expect(after.slice(0, 5)).toEqual([
      "100 mapped 8",
      "100 unmapped 2",
      "100 mapped 1",
      "100 mapped 1",
      "100 mapped 1",
    ]);
    // A child begins with what its parent has, and a program with what was loaded: only what comes after is told.
    const child = kinds.findIndex((line) => line.startsWith("101 runs"));
    expect(kinds.slice(child, child + 3)).toEqual(["101 runs program", "101 unmapped 2", "101 mapped 2"]);
    expect(kinds).toContain("101 mapped 3");
  });

  it("are told of a call that has been made, before it returns to plugins", async () => {
    const rig = await createRig(changes, { files: crossFiles(changes.path) });
    const order: string[] = [];
    rig.api.mapped.register(() => order.push("mapped"));
    rig.api.unmapped.register(() => order.push("unmapped"));
    rig.api.syscalls.where(({ name }) => name === "munmap").returned.register(() => order.push("munmap"));
    rig.run();
    expect(order).toContain("munmap");
    for (const [i, what] of order.entries()) if (what === "munmap") expect(order[i - 1]).toBe("unmapped");
  });

  it("hand batches over before, so that recorded addresses can be told apart by what was mapped", async () => {
    const rig = await createRig(changes, { files: crossFiles(changes.path) });
    let unknown = 0;
    let known = 0;
    let pages = pagesOf(rig.api.mappings());
    const renew = (): void => {
      pages = pagesOf(rig.api.mappings());
    };
    for (const callback of [rig.api.mapped, rig.api.unmapped, rig.api.processChanged])
      callback.register(renew as () => void);
    rig.api.memory.accessed.batch(({ length, address }) => {
      for (let i = 0; i < length; i++) {
        const page = Math.floor((address[i] ?? 0) / 4096) * 4096;
        if (pages.has(page)) known += 1;
        else unknown += 1;
      }
    });
    rig.run();
    expect(rig.faults).toEqual([]);
    expect(unknown).toBe(0);
    expect(known).toBeGreaterThan(1000);
  });
});

describe.skipIf(!peer(COMPILER))(`mappings of a dynamic program (needs ${COMPILER})`, () => {
  async function dynamic(name: string): Promise<{ rig: Rig; told: readonly string[] }> {
    const program = programsOf("dynamic").find((each) => each.name === `dynamic/${name}`);
    if (!program) throw new Error(`no program ${name}`);
    const path = await compile(program, "riscv64");
    const rig = await createRig({ path, image: readFileSync(path), args: [] }, { files: crossFiles(path) });
    const { told } = shadow(rig.api, (pages) => expect(pages).toEqual(pagesOf(rig.api.mappings())));
    return { rig, told };
  }

  it("come with libraries, and go with dlclose", async () => {
    const { rig, told } = await dynamic("dlopen.c");
    const contents = new Map<string, Buffer>();
    rig.api.mapped.register((_, { file }) => {
      if (file && !contents.has(file.path)) contents.set(file.path, Buffer.from(file.read(0, file.size())));
    });
    expect(rig.run()).toMatchObject({ code: 0 });
    expect(rig.faults).toEqual([]);
    const libc = [...contents].find(([path]) => path.endsWith("/libc.so.6"))?.[1];
    expect(libc?.equals(readFileSync(crossLibrary("libc.so.6")))).toBe(true);
    const plugin = told.findIndex((line) => line.endsWith("/lib-plugin.so"));
    expect(plugin).toBeGreaterThan(0);
    const start = /mapped ([0-9a-f]+)-/.exec(told[plugin] ?? "")?.[1];
    const gone = told.findIndex((line) => line.includes(`unmapped ${start}-`));
    expect(gone).toBeGreaterThan(plugin);
    expect(rig.api.mappings().some(({ name }) => name.endsWith("/lib-plugin.so"))).toBe(false);
  });

  it("are what the guest reads in /proc/self/maps", async () => {
    const maps = await compiled(fileURLToPath(new URL("maps.c", import.meta.url)), "dynamic");
    const rig = await createRig(maps, { files: crossFiles(maps.path) });
    let expected: string[] = [];
    rig.api.exited.register(() => {
      expected = rig.api.mappings().map((mapping) => {
        const { start, end, readable, writable, executable, shared, name, offset } = mapping;
        const rights = `${readable ? "r" : "-"}${writable ? "w" : "-"}${executable ? "x" : "-"}${shared ? "s" : "p"}`;
        const hex = (value: number): string => value.toString(16).padStart(8, "0");
        return `${hex(start)}-${hex(end)} ${rights} ${hex(offset)} ${name}`.trim();
      });
    });
    rig.run();
    const seen = rig.output().trimEnd().split("\n");
    expect(seen.map((line) => line.replace(/^(\S+ \S+ \S+) \S+ \d+ */, "$1 ").trim())).toEqual(expected);
    expect(expected.some((line) => line.endsWith("/libc.so.6"))).toBe(true);
  });
});
