import { readFileSync } from "node:fs";
import { openElf } from "@qpp/emulator/elf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDebugInfo } from "../../../packages/plugins/src/symbols/dwarf/debug-info.js";
import { peer } from "../../peers.js";
import { built, TOOLS, tool } from "./built.js";

const missing = TOOLS.filter((each) => !peer(each));
const ADDR2LINE = "addr2line";

/** The debug information of a file, and what was wrong with it. */
function debugInfo(path: string) {
  const elf = openElf(readFileSync(path));
  if (elf === undefined) throw new Error(`${path} is no program`);
  const problems: string[] = [];
  return { debug: openDebugInfo(elf, (problem) => problems.push(problem)), problems };
}

/** The address of each instruction. */
const instructionsOf = (path: string): number[] =>
  [...tool("objdump", ["-d", "-j", ".text", path]).matchAll(/^ +([0-9a-f]+):\t/gm)].map(([, address]) =>
    Number.parseInt(address ?? "", 16),
  );

/** What `addr2line` tells of addresses: frames, the innermost first, each `function file:line`. */
function witnessed(path: string, addresses: readonly number[]): Map<number, string[]> {
  const text = tool(
    ADDR2LINE,
    ["-e", path, "-a", "-f", "-i"],
    addresses.map((a) => `0x${a.toString(16)}\n`).join(""),
  );
  const found = new Map<number, string[]>();
  let frames: string[] = [];
  const lines = text.trimEnd().split("\n");
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "";
    if (/^0x[0-9a-f]+$/.test(line)) {
      frames = [];
      found.set(Number(line), frames);
      i++;
    } else {
      frames.push(`${line} ${lines[i + 1]?.replace(/ \(discriminator \d+\)$/, "")}`);
      i += 2;
    }
  }
  return found;
}

describe.skipIf(missing.length > 0)(`debug information (needs ${TOOLS.join(", ")})`, () => {
  it.each([
    ["shapes.cc", ["-O0", "-gdwarf-4"]],
    ["shapes.cc", ["-O2", "-gdwarf-4"]],
    ["shapes.cc", ["-O0", "-gdwarf-5"]],
    ["shapes.cc", ["-O2", "-gdwarf-5"]],
    ["shapes.cc", ["-O3", "-g3", "-static"]],
    ["shapes.cc", ["-O2", "-gdwarf-5", "-gz=zlib"]],
    ["shapes.cc", ["-O1", "-gdwarf-3", "-gstrict-dwarf"]],
    ["shapes.cc", ["-O2", "-gdwarf-5", "-ffunction-sections", "-Wl,--gc-sections"]],
    ["lib-shapes.cc", ["-O2", "-gdwarf-5", "-shared", "-fPIC"]],
    ["lib-shapes.cc", ["-O2", "-gdwarf-4", "-shared", "-fPIC"]],
  ])("knows of each instruction of %s with %j what addr2line knows", (source, flags) => {
    const path = built(source, flags);
    const { debug, problems } = debugInfo(path);
    const wrong: unknown[] = [];
    let checked = 0;
    for (const [address, frames] of witnessed(path, instructionsOf(path))) {
      // Without debug information it names a file by the symbol table.
      if (!frames.some((frame) => /:\d+$/.test(frame))) continue;
      const mine = [...debug.framesAt(address)].reverse();
      checked++;
      // For a function without a linkage name it takes a symbol, of what it was inlined into as well.
      const isNamed = (i: number, name: string | undefined): boolean =>
        name !== undefined && (i > 0 || mine.length === 1);
      const texts = mine.map(
        ({ linkageName, file, line }, i) =>
          `${isNamed(i, linkageName) ? linkageName : ""} ${file ?? "??"}:${line ?? "?"}`,
      );
      const expected = frames.map((frame, i) =>
        isNamed(i, mine[i]?.linkageName) ? frame : frame.replace(/^\S+/, ""),
      );
      if (texts.join("\n") !== expected.join("\n")) wrong.push([address.toString(16), texts, expected]);
    }
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(50);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it.each(["-gdwarf-4", "-gdwarf-5"])("reads as far as it can what is damaged (%s)", (version) => {
    const elf = openElf(readFileSync(built("shapes.cc", ["-O2", version])));
    if (elf === undefined) throw new Error("no program");
    const addresses = [...openDebugInfo(elf, () => {}).rows()].map(({ start }) => start);
    const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), {
      minLength: 1,
      maxLength: 20,
    });
    const sections = fc.subarray(["info", "abbrev", "line", "rnglists", "ranges", "str_offsets"], {
      minLength: 1,
    });
    fc.assert(
      fc.property(damage, sections, (bytes, names) => {
        const damaged = new Map<string, Uint8Array>();
        for (const name of names) {
          const section = elf.section(`.debug_${name}`).slice();
          for (const { at, byte } of bytes) if (section.length > 0) section[at % section.length] = byte;
          damaged.set(`.debug_${name}`, section);
        }
        const section = (name: string): Uint8Array => damaged.get(name) ?? elf.section(name);
        const debug = openDebugInfo({ ...elf, section }, (problem) => expect(problem).not.toBe(""));
        for (const address of addresses) debug.framesAt(address);
        for (const { line } of debug.rows()) expect(line).toBeGreaterThan(0);
      }),
    );
  });

  it("lists the rows of each line, from which a line is found for each instruction", () => {
    const path = built("shapes.cc", ["-O2", "-gdwarf-5"]);
    const { debug } = debugInfo(path);
    const rows = [...debug.rows()];
    for (const address of instructionsOf(path)) {
      const row = rows.find(({ start, end }) => start <= address && address < end);
      const innermost = debug.framesAt(address).at(-1);
      expect([row?.file, row?.line]).toEqual([innermost?.file, innermost?.line]);
    }
  });
});
