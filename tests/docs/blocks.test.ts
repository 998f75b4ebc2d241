import { describe, expect, it } from "vitest";
import { blocksOf, commandsOf, outputPattern } from "./blocks.js";

describe("a page's blocks", () => {
  it("are found with language, file and line", () => {
    expect(blocksOf("# A\n\n```ts file=a.ts\nlet a;\n```\n\n```console\n$ x\n```\n")).toEqual([
      { language: "ts", file: "a.ts", text: "let a;\n", line: 4 },
      { language: "console", file: undefined, text: "$ x\n", line: 8 },
    ]);
  });

  it("hold commands and what they print", () => {
    expect(commandsOf("$ a \\\n  b\nout\n\nmore\n$ c\n")).toEqual([
      { command: "a \\\n  b", output: ["out", "", "more"] },
      { command: "c", output: [] },
    ]);
  });

  it("are held to what they print, but for times and left-out lines", () => {
    const pattern = outputPattern(["a+b", "…", "5 instructions in 0.04 s, 4 million/s"]);
    expect("a+b\nx\ny\n5 instructions in 1.23 s, 400 million/s\n").toMatch(pattern);
    expect("a+b\n5 instructions in 1.23 s, 400 million/s\n").toMatch(pattern);
    expect("aab\n5 instructions in 1.23 s, 400 million/s\n").not.toMatch(pattern);
    expect("(call 17)\nb\n").toMatch(outputPattern(["(call …", "b"]));
    expect("(call 17)\nc\n").not.toMatch(outputPattern(["(call …", "b"]));
    expect("a+b\n6 instructions in 1.23 s, 400 million/s\n").not.toMatch(pattern);
    expect("a+b\n5 instructions in 1.23 s, 400 million/s\nz\n").not.toMatch(pattern);
  });
});
