import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Profile } from "../src/report/data.js";
import { type FlameNode, flameBoxes, flameTree } from "./flame-tree.js";
import { count, matches, percent } from "./format.js";

/** Narrower boxes cannot be seen on any screen. */
const NARROWEST = 1 / 3000;
const ROW_PIXELS = 20;

/** Instructions by call path; click or Enter zooms, arrow keys move. */
export function Flame({ profile, search }: { profile: Profile; search: string }): JSX.Element {
  const root = useMemo(() => flameTree(profile), [profile]);
  const [focus, setFocus] = useState(root);
  const [chosen, choose] = useState(root);
  const boxes = useMemo(() => flameBoxes(focus, NARROWEST), [focus]);
  const rows = Math.max(...boxes.map(({ row }) => row)) + 1;
  const found = search === "" ? undefined : instructionsIn(root, search);
  const graph = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) graph.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    moved.current = false;
  });

  const zoom = (node: FlameNode): void => {
    setFocus(node);
    choose(node);
  };
  const move = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === " ") zoom(chosen);
    else if (event.key === "Escape") zoom(root);
    else {
      const next = neighbour(chosen, event.key);
      if (next === undefined) return;
      choose(next);
      if (!boxes.some(({ node }) => node === next)) setFocus(next.parent ?? root);
    }
    moved.current = true;
    event.preventDefault();
  };

  return (
    <section id="flame" aria-label="Flame graph">
      <h2>Flame graph</h2>
      <p class="note">
        Instructions by call path. Click or Enter zooms in, Escape goes back, arrow keys move.{" "}
        <button type="button" onClick={() => zoom(root)} disabled={focus === root}>
          Reset zoom
        </button>
      </p>
      <p class="facts" aria-live="polite">
        <b data-flame="name">{chosen.name}</b>: <span data-flame="total">{count(chosen.total)}</span>{" "}
        instructions ({percent(chosen.total, root.total)}), {count(chosen.self)} of them its own
        {found === undefined ? "" : `; ${percent(found, root.total)} of all match the search`}
      </p>
      <div
        ref={graph}
        class="flame"
        role="tree"
        aria-label="Call paths"
        style={{ height: `${rows * ROW_PIXELS}px` }}
      >
        {boxes.map(({ node, left, width, row }) => (
          <div
            key={pathOf(node)}
            role="treeitem"
            aria-level={node.depth + 1}
            aria-selected={node === chosen}
            tabIndex={node === chosen ? 0 : -1}
            class={matches(node.name, search) ? "frame found" : "frame"}
            title={`${node.name}: ${count(node.total)} instructions, ${percent(node.total, root.total)}`}
            style={{
              left: `${100 * left}%`,
              width: `${100 * width}%`,
              top: `${row * ROW_PIXELS}px`,
              "--hue": String(hue(node.name)),
            }}
            onClick={() => zoom(node)}
            onFocus={() => choose(node)}
            onKeyDown={move}
          >
            {node.name}
          </div>
        ))}
      </div>
    </section>
  );
}

/** Instructions in functions that match, and in what they call, each once. */
function instructionsIn(node: FlameNode, search: string): number {
  if (matches(node.name, search)) return node.total;
  return node.children.reduce((sum, child) => sum + instructionsIn(child, search), 0);
}

function neighbour(node: FlameNode, key: string): FlameNode | undefined {
  const siblings = node.parent?.children ?? [];
  const at = siblings.indexOf(node);
  if (key === "ArrowUp") return node.parent;
  if (key === "ArrowDown") return [...node.children].sort((a, b) => b.total - a.total)[0];
  if (key === "ArrowLeft") return siblings[at - 1];
  if (key === "ArrowRight") return siblings[at + 1];
  return undefined;
}

function pathOf(node: FlameNode): string {
  return node.parent === undefined ? node.name : `${pathOf(node.parent)};${node.name}`;
}

/** The same name, the same warm colour. */
function hue(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 1009;
  return hash % 55;
}
