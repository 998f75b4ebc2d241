import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePluginSpec } from "../../packages/cli/src/plugin/spec.js";

describe("-p NAME[,key=value...]", () => {
  it.each([
    ["insn", "insn", {}],
    ["insn,inline=on", "insn", { inline: "on" }],
    ["./a/b.ts,x=,y=a=b", "./a/b.ts", { x: "", y: "a=b" }],
    ["insn,match=a,sizes=on,match=b", "insn", { match: "a,b", sizes: "on" }],
    ["p,constructor=1,__proto__=2", "p", { constructor: "1", ["__proto__"]: "2" }],
  ])("reads %s", (text, name, args) => {
    const spec = parsePluginSpec(text);
    expect(spec.name).toBe(name);
    expect(Object.entries(spec.args)).toEqual(Object.entries(args));
  });

  it.each(["", ",a=b", "p,", "p,a", "p,=b", "p,a=b,"])("refuses %j", (text) => {
    expect(() => parsePluginSpec(text)).toThrow(`-p ${text}: `);
  });

  it("reads back whatever is written so", () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/[,=]/.test(text) && text !== "__proto__");
    const value = fc.string().filter((text) => !text.includes(","));
    fc.assert(
      fc.property(word, fc.dictionary(word, value), (name, args) => {
        const text = [name, ...Object.entries(args).map(([key, value]) => `${key}=${value}`)].join(",");
        const spec = parsePluginSpec(text);
        expect(spec.name).toBe(name);
        expect({ ...spec.args }).toEqual({ ...args });
      }),
    );
  });
});
