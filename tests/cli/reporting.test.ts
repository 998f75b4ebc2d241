import { describe, expect, it } from "vitest";
import { makeDocument } from "../../packages/cli/src/run/document.js";
import { createFaultLog } from "../../packages/cli/src/run/faults.js";
import { progressLine } from "../../packages/cli/src/run/progress.js";
import { jsonResults } from "../../packages/cli/src/run/results.js";
import { summaryText } from "../../packages/cli/src/run/summary.js";
import { textOf } from "../../packages/cli/src/run/text-of.js";

const fault = (plugin: string, where: string) => ({
  plugin,
  where,
  callback: undefined,
  cause: new Error("oops"),
  at: 7,
  lost: [plugin],
  message: `plugin "${plugin}" failed in ${where}: Error: oops`,
});
const exit = (how: { code?: number; signal?: string; stopped?: string }) => ({
  code: 0,
  signal: undefined,
  stopped: undefined,
  ...how,
});

describe("the fault log", () => {
  it("tells each kind once, and how often it came", () => {
    const lines: string[] = [];
    const log = createFaultLog((line) => lines.push(line));
    for (let i = 0; i < 3; i++) log.take(fault("a", "report"));
    log.take(fault("b", "report"));
    expect(lines).toEqual([
      'plugin "a" failed in report: Error: oops',
      'plugin "b" failed in report: Error: oops',
    ]);
    expect(log.repeated()).toEqual(['plugin "a" in report: 3 faults, the first was shown']);
    expect(log.count).toBe(4);
  });
});

describe("the document", () => {
  const facts = { path: "p", args: ["x"], insns: 10, seconds: 0.5, results: { a: 1 }, faults: [] };

  it.each([
    [{ code: 7 }, { exitCode: 7, signal: null }],
    [
      { code: 139, signal: "SIGSEGV" },
      { exitCode: null, signal: "SIGSEGV" },
    ],
    [
      { code: 130, stopped: "interrupted" },
      { exitCode: null, signal: null, stopped: "interrupted" },
    ],
  ])("tells how the guest ended: %o", (how, expected) => {
    expect(makeDocument({ ...facts, exit: exit(how) })).toEqual({
      schema: 1,
      guest: { path: "p", args: ["x"], ...expected },
      machine: { insns: 10, seconds: 0.5 },
      plugins: { a: 1 },
    });
  });

  it("tells of faults, if there were any", () => {
    expect(makeDocument({ ...facts, exit: exit({}), faults: [fault("a", "report")] }).faults).toEqual([
      {
        plugin: "a",
        where: "report",
        message: 'plugin "a" failed in report: Error: oops',
        at: 7,
        lost: ["a"],
      },
    ]);
  });

  it("leaves out what JSON cannot carry, as a fault of the plugin", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const told: string[] = [];
    const outcomes = new Map<string, { result?: unknown }>([
      ["good", { result: { n: 1, at: new Date(0) } }],
      ["big", { result: 5n }],
      ["circle", { result: circle }],
      ["none", {}],
    ]);
    const results = jsonResults(outcomes, ({ message }) => told.push(message));
    expect(results).toEqual({ good: { n: 1, at: "1970-01-01T00:00:00.000Z" } });
    expect(told).toEqual([
      expect.stringMatching(/^plugin "big" failed in report: JSON cannot carry its result: .*BigInt/),
      expect.stringMatching(/^plugin "circle" failed in report: JSON cannot carry its result: .*circular/),
    ]);
  });
});

describe("what people read", () => {
  it("summaries stand under their plugins' names, and how it ended under them", () => {
    const summaries = new Map([
      ["a", "one\n\ntwo\n"],
      ["b", "three"],
    ]);
    const text = summaryText(summaries, { exit: exit({ code: 3 }), insns: 5_000_000, seconds: 0.5 });
    expect(text).toBe(
      "\na\n  one\n\n  two\n\nb\n  three\n\nthe guest ended with exit code 3; 5000000 instructions in 0.50 s, 10 million/s\n",
    );
    const ended = (how: Parameters<typeof exit>[0]) =>
      summaryText(summaries, { exit: exit(how), insns: 1, seconds: 1 });
    expect(ended({ signal: "SIGSEGV" })).toContain("\nthe guest was ended by SIGSEGV;");
    expect(ended({ stopped: "max-insns" })).toContain("\nthe guest was stopped (max-insns);");
  });

  it("progress tells instructions, time, speed, and the share of a limit", () => {
    expect(progressLine(321_400_000, 1300, undefined)).toBe("321 million instructions, 1.3 s, 247 million/s");
    expect(progressLine(2_500_000, 1000, 10_000_000)).toBe(
      "2.5 million instructions (25%), 1.0 s, 2.5 million/s",
    );
  });

  it("what plugins say is shown as it is, or as the console would", () => {
    expect([textOf("a %s"), textOf(2n), textOf({ a: [1] })]).toEqual(["a %s", "2n", "{ a: [ 1 ] }"]);
  });
});
