import fc from "fast-check";
import { expect, test } from "vitest";
import { flameBoxes, flameTree } from "../../packages/cli/page/flame-tree.js";
import { readChromeTrace } from "../../packages/cli/src/report/chrome-trace.js";
import { readFolded } from "../../packages/cli/src/report/folded.js";
import { readLcov } from "../../packages/cli/src/report/lcov.js";

const frame = fc.stringMatching(/^[a-z<>() :]{0,6}[a-z]$/);
const stacks = fc.array(fc.tuple(fc.array(frame, { minLength: 1, maxLength: 5 }), fc.nat(1000)));

test("folded stacks: what is read is what was written, names with blanks too", () => {
  fc.assert(
    fc.property(stacks, (given) => {
      const text = given.map(([path, insns]) => `${path.join(";")} ${insns}\n`).join("");
      const { frames, stacks: read } = readFolded(text);
      expect(read.map(([path, insns]) => [path.map((id) => frames[id]), insns])).toEqual(given);
      expect(new Set(frames).size).toBe(frames.length);
    }),
  );
  expect(() => readFolded("a;b 1\nc\n")).toThrow("line 2 is no call path with a count");
});

test("the tree of a flame graph: totals are sums, and boxes lie within their parents'", () => {
  fc.assert(
    fc.property(stacks, (given) => {
      const root = flameTree(
        readFolded(given.map(([path, insns]) => `${path.join(";")} ${insns}\n`).join("")),
      );
      expect(root.total).toBe(given.reduce((sum, [, insns]) => sum + insns, 0));
      const boxes = new Map(flameBoxes(root, 0).map((box) => [box.node, box]));
      for (const { node, left, width } of boxes.values()) {
        expect(node.self + node.children.reduce((sum, { total }) => sum + total, 0)).toBe(node.total);
        const parent = node.parent && boxes.get(node.parent);
        if (parent === undefined) continue;
        expect(left).toBeGreaterThanOrEqual(parent.left - 1e-9);
        expect(left + width).toBeLessThanOrEqual(parent.left + parent.width + 1e-9);
      }
    }),
  );
});

test("lcov: lines of one file that occurs twice add up; functions and branches are passed over", () => {
  const text =
    "TN:a\nSF:x.c\nFN:1,f\nDA:2,3\nDA:1,0\nend_of_record\nSF:x.c\nDA:2,4,hash\nBRDA:2,0,0,1\nend_of_record\n";
  expect(readLcov(text)).toEqual({
    files: [
      {
        file: "x.c",
        lines: [
          [1, 0],
          [2, 7],
        ],
      },
    ],
  });
});

test("Chrome's format: whole events with the names of their threads", () => {
  const thread = { pid: 1, tid: 2, ts: 0 };
  const events = [
    { ph: "M", name: "thread_name", ...thread, args: { name: "main" } },
    { ph: "X", cat: "syscall", name: "read", ...thread, ts: 5, dur: 2, args: { fd: 3, result: "EINTR" } },
    { ph: "X", name: "idle", pid: 1, tid: 9, ts: 6 },
    { ph: "B", name: "begun", ...thread },
  ];
  expect(readChromeTrace(events)).toEqual({
    events: [
      {
        name: "read",
        category: "syscall",
        thread: "main",
        start: 5,
        duration: 2,
        detail: "fd: 3, result: EINTR",
      },
      { name: "idle", category: "", thread: "1 9", start: 6, duration: 0, detail: "" },
    ],
  });
});
