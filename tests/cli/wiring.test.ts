import { createContainer, type PluginDescription } from "@qpp/core";
import { createHostStdio, createMachine } from "@qpp/emulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeholderProgram } from "../../packages/cli/src/placeholder.js";
import { wiringMermaid } from "../../packages/cli/src/wiring/mermaid.js";
import { wiringText } from "../../packages/cli/src/wiring/text.js";
import { parseFlowchart } from "./flowchart.js";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "`a`", "#quot;", "end", "%%", "a;b", "<br/>", "\n", "|"),
);

/** Wirings with any names, as far as each makes sense: who is subscribed to a callback also has its owner. */
const wirings: fc.Arbitrary<readonly PluginDescription[]> = fc
  .uniqueArray(fc.stringMatching(/^[\w@][\w@./-]*$/), { minLength: 1, maxLength: 5 })
  .chain((names) => {
    const name = fc.constantFrom(...names);
    const subscriber = fc.record({ plugin: name, direct: fc.nat(9), rx: fc.nat(9) });
    const attachment = fc.record({
      to: fc.tuple(name, fc.constantFrom("a.b", "c")).map((parts) => parts.join(".")),
      lane: fc.constantFrom("inline", "batch", "direct", "rx"),
      count: fc.integer({ min: 1, max: 9 }),
    });
    const requirement = fc.record({
      key: text,
      plugin: fc.oneof(name, fc.constant("not-there")),
      optional: fc.boolean(),
    });
    const plugin = (own: string): fc.Arbitrary<PluginDescription> =>
      fc.record({
        name: fc.constant(own),
        version: fc.option(text, { nil: undefined }),
        description: fc.option(text, { nil: undefined }),
        requires: fc
          .uniqueArray(requirement, { selector: (each) => each.plugin, maxLength: 4 })
          .map((list) => list.map((each) => ({ ...each, met: each.plugin !== "not-there" }))),
        attachments: fc.uniqueArray(attachment, {
          selector: (each) => `${each.to} ${each.lane}`,
          maxLength: 4,
        }),
        callbacks: fc.array(
          fc.record({
            name: text,
            capacity: fc.integer({ min: 1 }),
            size: fc.nat(),
            runs: fc.constant(undefined),
            subscribers: fc.uniqueArray(subscriber, { selector: (each) => each.plugin }),
          }),
          { maxLength: 3 },
        ),
        functions: fc.array(text, { maxLength: 2 }),
        values: fc.array(text, { maxLength: 2 }),
      });
    return fc.tuple(...names.map(plugin));
  });

const ARROWS: Readonly<Record<string, string>> = {
  "normal arrow_point": "-->",
  "dotted arrow_point": "-.->",
  "dotted arrow_open": "-.-",
};

/** What Mermaid reads, by the names that stand first in the boxes. */
async function readMermaid(chart: string): Promise<{ boxes: Map<string, string[]>; arrows: string[] }> {
  const flowchart = await parseFlowchart(chart);
  const names = new Map(flowchart.boxes.map(({ id, lines }) => [id, lines[0]?.split(" ")[0] ?? ""]));
  const nameOf = (id: string): string => names.get(id) ?? "";
  return {
    boxes: new Map(flowchart.boxes.map(({ id, shape, lines }) => [nameOf(id), [shape, ...lines]])),
    arrows: flowchart.arrows.map(({ from, to, stroke, end, lines }) =>
      JSON.stringify([nameOf(from), ARROWS[`${stroke} ${end}`], lines, nameOf(to)]),
    ),
  };
}

/** Mermaid takes no spaces at the ends of a label. */
function trimmed(label: readonly string[]): string[] {
  return label.map((line, index) => {
    const begun = index === 0 ? line.replace(/^ +/, "") : line;
    return index === label.length - 1 ? begun.replace(/ +$/, "") : begun;
  });
}

describe("the wiring as Mermaid", () => {
  it("says who offers what to whom, whatever things are called", async () => {
    await fc.assert(
      fc.asyncProperty(wirings, async (plugins) => {
        const { boxes, arrows } = await readMermaid(wiringMermaid(plugins));
        const isMissed = plugins.some(({ requires }) => requires.some(({ met }) => !met));
        expect(boxes.size).toBe(plugins.length + (isMissed ? 1 : 0));
        if (isMissed) expect(boxes.get("not-there")).toEqual(["round", "not-there"]);
        for (const { name, version, callbacks, functions, values } of plugins) {
          const label = [
            [name, version].filter(Boolean).join(" "),
            ...callbacks.map((each) => `${each.name} ${each.size}/${each.capacity}`),
            ...functions.map((each) => `${each}()`),
            ...values,
          ];
          expect(boxes.get(name)).toEqual(["square", ...trimmed(label)]);
        }
        const expected = plugins.flatMap((user) =>
          user.requires.map(({ plugin, optional, met }) => {
            const owner = plugins.find(({ name }) => name === plugin);
            const heard = (owner?.callbacks ?? []).flatMap(({ name, subscribers }) =>
              subscribers.flatMap((each) => {
                if (each.plugin !== user.name) return [];
                const direct = each.direct > 0 ? [`${each.direct} direct`] : [];
                const rx = each.rx > 0 ? [`${each.rx} Rx`] : [];
                return [`${name} (${[...direct, ...rx].join(", ")})`];
              }),
            );
            const kind = optional ? (met ? "-.->" : "-.-") : "-->";
            const places = user.attachments.flatMap(({ to }) => (to.startsWith(`${plugin}.`) ? [to] : []));
            const attached = [...new Set(places)].map((place) => {
              const there = user.attachments.filter(({ to }) => to === place);
              const lanes = there.map(({ lane, count }) => `${count} ${lane === "rx" ? "Rx" : lane}`);
              return `${place.slice(plugin.length + 1)} (${lanes.join(", ")})`;
            });
            return JSON.stringify([plugin, kind, trimmed([...heard, ...attached]), user.name]);
          }),
        );
        expect(arrows).toEqual(expected);
      }),
    );
  });

  it("is read by Mermaid, which refuses what is none", async () => {
    await expect(parseFlowchart('flowchart LR\n  p0["a" b"]\n')).rejects.toThrow("Parse error on line 2");
    await expect(parseFlowchart("sequenceDiagram\n  a->>b: c\n")).rejects.toThrow("a sequence");
  });
});

describe("the wiring as text", () => {
  it("has each plugin with all that it offers and who uses it", () => {
    const subscribers = [
      { plugin: "b", direct: 2, rx: 1 },
      { plugin: "c", direct: 0, rx: 1 },
    ];
    const none = {
      version: undefined,
      description: undefined,
      attachments: [],
      callbacks: [],
      functions: [],
      values: [],
    };
    const needs = { key: "a", plugin: "a", optional: false, met: true };
    const wish = { key: "z", plugin: "z", optional: true, met: false };
    const plugins: readonly PluginDescription[] = [
      {
        name: "a",
        version: "1.2",
        description: "the first",
        requires: [],
        attachments: [
          { to: "m.x", lane: "rx", count: 1 },
          { to: "m.y", lane: "inline", count: 2 },
          { to: "m.x", lane: "batch", count: 1 },
        ],
        callbacks: [{ name: "on", capacity: 8, size: 4, runs: undefined, subscribers }],
        functions: ["f", "g"],
        values: ["v"],
      },
      { ...none, name: "b", requires: [needs] },
      { ...none, name: "c", requires: [{ ...needs, optional: true }, wish] },
    ];
    expect(wiringText(plugins)).toBe(`a 1.2 - the first
  watches    m.x (1 Rx, 1 batch), m.y (2 inline)
  used by    b, c
  functions  f, g
  values     v
  callbacks
    name  slots   subscribers
    on    4 of 8  b (2 direct, 1 Rx), c (1 Rx)

b
  requires   a

c
  requires   a (optional), z (optional, not there)
`);
  });
});

it("the program that stands in for one is a program that ends", async () => {
  const machine = createMachine({
    path: "placeholder",
    image: placeholderProgram(),
    args: [],
    env: {},
    files: { cwd: "/", allowRead: [], allowWrite: [] },
    stdio: createHostStdio(),
    seed: 0,
    report: () => {},
  });
  const container = createContainer({ host: { log: () => {}, fault: () => {} } });
  await container.load([{ plugin: machine.plugin }]);
  expect(machine.run()).toEqual({ code: 0, signal: undefined, stopped: undefined });
  expect(machine.executed).toBe(2);
});
