import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createSymbolTable } from "../../../packages/emulator/src/elf/symbols.js";
import { peer } from "../../peers.js";
import { buildElf } from "./build-elf.js";

const guests = new URL("../../../guests/bin/", import.meta.url);
const hello = readFileSync(new URL("hello", guests));

describe("the symbol table", () => {
  test("is empty for a program without one, and never an error", () => {
    const symbols = createSymbolTable(buildElf(), 0);
    expect(symbols.length).toBe(0);
    expect(symbols.symbolAt(0x1_1000)).toBeUndefined();
    expect(symbols.find("main")).toBeUndefined();
  });

  test("finds a function from anywhere inside of it, moved by the bias", () => {
    const plain = createSymbolTable(hello, 0);
    const main = plain.find("main");
    if (!main) throw new Error("hello has no main");
    expect(plain.symbolAt(main.address)).toEqual({ name: "main", offset: 0 });
    expect(plain.symbolAt(main.address + main.size - 1)).toEqual({ name: "main", offset: main.size - 1 });
    expect(plain.symbolAt(main.address + main.size)?.name).not.toBe("main");
    expect(createSymbolTable(hello, 0x4000_0000).symbolAt(main.address + 0x4000_0002)).toEqual({
      name: "main",
      offset: 2,
    });
    expect([plain.symbolAt(0), plain.symbolAt(2 ** 53)]).toEqual([undefined, undefined]);
  });
});

describe.skipIf(!peer("riscv64-linux-gnu-nm"))("against nm (needs riscv64-linux-gnu-nm)", () => {
  test.each(readdirSync(guests))(
    "guests/bin/%s has a name that nm gives for each function's address",
    (name) => {
      const path = fileURLToPath(new URL(name, guests));
      const symbols = createSymbolTable(readFileSync(path), 0);
      const shown = spawnSync("riscv64-linux-gnu-nm", ["-S", path], {
        encoding: "utf8",
        maxBuffer: 1 << 26,
      }).stdout;
      const names = new Map<number, Set<string>>();
      for (const [, address, symbol] of shown.matchAll(/^([0-9a-f]+) [0-9a-f]+ [tTwWi] (\S+)$/gm)) {
        const at = Number.parseInt(address ?? "", 16);
        names.set(at, (names.get(at) ?? new Set()).add(symbol ?? ""));
      }
      for (const [address, accepted] of names) {
        const hit = symbols.symbolAt(address);
        expect(hit?.offset).toBe(0);
        expect(accepted).toContain(hit?.name);
      }
    },
  );
});
