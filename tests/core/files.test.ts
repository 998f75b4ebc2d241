import { createContainer, type Fault, type FileName, type OpenFile, plugin } from "@qpp/core";
import fc from "fast-check";
import { expect, test } from "vitest";

interface Kept {
  text: string;
  closed: boolean;
}

function hostOf(openFile?: OpenFile) {
  const faults: Fault[] = [];
  const container = createContainer({
    host: { log() {}, fault: (fault) => void faults.push(fault), ...(openFile && { openFile }) },
  });
  return { container, faults };
}

/** Keeps files in memory. */
function keeping() {
  const files = new Map<string, Kept>();
  const openFile: OpenFile = (owner, name) => {
    const file: Kept = { text: "", closed: false };
    files.set(`${owner}: ${typeof name === "string" ? name : name.path}`, file);
    return {
      write: (chunk) => {
        file.text += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      },
      close: () => {
        file.closed = true;
      },
    };
  };
  return { files, ...hostOf(openFile) };
}

const writer = (name: string, file: FileName, content = (): string => "content") =>
  plugin(name, { install: ({ save }) => save(file, content) });

test("files are saved once: at the end of the run, or when their plugin is uninstalled", async () => {
  const { container, files, faults } = keeping();
  let asked = 0;
  const counted = (): string => `asked ${++asked} times`;
  await container.load([{ plugin: writer("a", "one", counted) }, { plugin: writer("b", { path: "/two" }) }]);
  expect(files.size).toBe(0);
  container.uninstall("a");
  expect([...files.keys()]).toEqual(["a: one"]);
  container.finishFiles();
  container.finishFiles();
  expect([...files]).toEqual([
    ["a: one", { text: "asked 1 times", closed: true }],
    ["b: /two", { text: "content", closed: true }],
  ]);
  expect(faults).toEqual([]);
});

test("what is written piece by piece arrives whole, in order", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.string(), fc.uint8Array({ max: 127 }))),
      fc.array(fc.string()),
      async (saved, opened) => {
        const { container, files } = keeping();
        const both = plugin("both", {
          install({ save, open }) {
            save("saved", () => saved);
            const file = open("opened");
            for (const chunk of opened) file?.write(chunk);
          },
        });
        await container.load([{ plugin: both }]);
        container.finishFiles();
        const texts = saved.map((chunk) =>
          typeof chunk === "string" ? chunk : new TextDecoder("utf-8", { ignoreBOM: true }).decode(chunk),
        );
        expect(files.get("both: saved")).toEqual({ text: texts.join(""), closed: true });
        expect(files.get("both: opened")).toEqual({ text: opened.join(""), closed: true });
      },
    ),
  ));

test("where nobody wants files, none is opened, and content is not made", async () => {
  const { container, faults } = hostOf();
  let opened: unknown = "not asked";
  const shy = plugin("shy", {
    install({ save, open }) {
      opened = open("file");
      save("file", () => {
        throw new Error("made all the same");
      });
    },
  });
  await container.load([{ plugin: shy }]);
  container.finishFiles();
  expect(opened).toBeUndefined();
  expect(faults).toEqual([]);
});

test("a file that cannot be written is its plugin's fault, and the others are still written", async () => {
  const { files, openFile } = (() => {
    const kept = new Map<string, string>();
    const open: OpenFile = (owner, name) => {
      if (owner === "unlucky") throw new Error("out/one: it cannot be written: no space left on the device");
      return { write: (chunk) => void kept.set(`${owner} ${String(name)}`, String(chunk)), close() {} };
    };
    return { files: kept, openFile: open };
  })();
  const { container, faults } = hostOf(openFile);
  await container.load([
    { plugin: writer("unlucky", "one") },
    {
      plugin: writer("broken", { path: "two" }, () => {
        throw new Error("no content");
      }),
    },
    { plugin: writer("fine", "three") },
  ]);
  container.finishFiles();
  expect(faults.map(({ message }) => message)).toEqual([
    'plugin "broken" failed in file two: Error: no content',
    'plugin "unlucky" failed in file one: Error: out/one: it cannot be written: no space left on the device',
  ]);
  expect([...files]).toEqual([["fine three", "content"]]);
});

test("open files are closed with their plugin, also with one that could not be installed", async () => {
  const { container, files } = keeping();
  let write = (): void => {};
  const open = plugin("open", {
    install(context) {
      const file = context.open("trace");
      write = () => file?.write("more");
    },
  });
  const failing = plugin("failing", {
    install(context) {
      context.open("trace")?.write("begun");
      throw new Error("cannot");
    },
  });
  await container.load([{ plugin: open }, { plugin: failing }]);
  expect(files.get("failing: trace")).toEqual({ text: "begun", closed: true });
  write();
  expect(files.get("open: trace")).toEqual({ text: "more", closed: false });
  container.uninstall("open");
  expect(files.get("open: trace")).toEqual({ text: "more", closed: true });
  expect(write).toThrow('file trace: plugin "open" has been uninstalled');
});
