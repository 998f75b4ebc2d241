import { describe, expect, it } from "vitest";
import { guest, qpp } from "./qpp.js";

const LOOP = guest("count-loop");
const dump = (...args: string[]): string => {
  const { code, stdout, stderr } = qpp(["dump", "--after", "20", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};

describe("qpp dump", () => {
  it("shows the blocks of hot code, and nothing of what the guest writes", () => {
    expect(dump("--at", "mix", LOOP)).toBe(`\
region 0x10204 <mix>: 1 block, 7 instructions

  0x10204 <mix>
    10204  srl t0,s2,0x1d
    10208  xor s2,s2,t0
    1020c  sll t0,s2,0xd
    10210  sub s2,s2,t0
    10214  rem t1,s2,s3
    10218  add s2,s2,t1
    1021a  ret
    returns
`);
  });

  it("shows other stages, with what plugins put into them", () => {
    expect(dump("--stage", "order", "--at", "0x10218", LOOP)).toContain("  0  0x10204 <mix>: leaves\n");
    expect(dump("--stage", "allocate", "--at", "mix", LOOP)).toContain("in variables: ra, t0, t1, s2, s3\n");
    expect(dump("--stage", "allocate", "--at", "mix", "-p", "insn", LOOP)).toContain(", s3, cell_0\n");
    expect(dump("--stage", "emit", "--at", "mix", LOOP)).toMatch(/^\(func \$region_10204 /);
    expect(dump("--wasm", LOOP)).toMatch(
      /^\(module\n[\s\S]*\(export "region_10204" \(func \$region_10204\)\)\n/,
    );
  });

  it("translates as a run does, unless told otherwise", () => {
    for (const args of [[LOOP], ["--after", "20", "--max-insns", "1000", LOOP]]) {
      expect(qpp(["dump", ...args])).toEqual({
        code: 125,
        stdout: "",
        stderr: "qpp: no code was executed often enough to be translated; try --after 1\n",
      });
    }
  });

  it.each([
    ["a place without hot code", ["--at", "nothing", LOOP], "no code of nothing was executed often enough"],
    ["two things to show at once", ["--wasm", "--stage", "emit", LOOP], "'--wasm' cannot be used with"],
    ["a stage that there is not", ["--stage", "none", LOOP], "discover, order, allocate, emit"],
    ["a program that is not there", ["no-such"], "qpp: no-such: no such file or directory"],
    ["a plugin that is not there", ["-p", "insnn", LOOP], 'there is no plugin "insnn"'],
  ])("refuses %s", (_, args, message) => {
    const { code, stdout, stderr } = qpp(["dump", ...args]);
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toContain(message);
  });
});
