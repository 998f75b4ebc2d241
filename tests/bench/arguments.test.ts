import { describe, expect, test } from "vitest";
import { ArgumentsError, readArguments } from "../../bench/arguments.js";

describe("arguments of the benchmark", () => {
  test("none: both suites, everything", () => {
    expect(readArguments([])).toMatchObject({
      commands: ["fabric", "machine"],
      runs: undefined,
      node: process.execPath,
      interpreter: false,
      only: undefined,
      json: undefined,
    });
  });

  test("a number of runs alone", () => {
    expect(readArguments(["7"])).toMatchObject({ commands: ["fabric", "machine"], runs: 7 });
  });

  test("some programs: what is not about programs is left out", () => {
    expect(readArguments(["machine", "--only", "fib,sieve", "5"])).toMatchObject({
      commands: ["machine"],
      runs: 5,
      only: ["fib", "sieve"],
      sections: ["startUp", "speed"],
    });
  });

  test("sections that are asked for", () => {
    expect(readArguments(["machine", "--only", "fib", "--sections", "analyses,memory"]).sections).toEqual([
      "analyses",
      "memory",
    ]);
  });

  test.each([
    [["machines"], /cannot read "machines"/],
    [["machine", "0"], /whole number of runs/],
    [["machine", "1.5"], /whole number of runs/],
    [["machine", "3", "4"], /cannot read "machine 3 4"/],
    [["machine", "--only", "fib,fob"], /no program "fob"; there are sieve/],
    [["machine", "--sections", "speeds"], /no section "speeds"; there are startUp/],
    [["machine", "--fast"], /--fast/],
  ])("%j is refused", (argv, message) => {
    expect(() => readArguments(argv)).toThrow(ArgumentsError);
    expect(() => readArguments(argv)).toThrow(message);
  });
});
