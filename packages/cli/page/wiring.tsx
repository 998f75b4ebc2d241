import type { PluginDescription, WiringDescription } from "@qpp/core";
import type { JSX } from "preact";

const BOX = { width: 170, height: 44, right: 70, down: 16 };

interface Place {
  readonly plugin: PluginDescription;
  readonly x: number;
  readonly y: number;
}

/** Who uses whom: what is required stands to the left of what requires it. */
export function Wiring({ wiring }: { wiring: WiringDescription }): JSX.Element {
  const places = placesOf(wiring.plugins);
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + BOX.width + 2;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + BOX.height + 2;
  const arrows = wiring.plugins.flatMap((user) =>
    user.requires.flatMap(({ plugin, optional }) => {
      const from = places.get(plugin);
      const to = places.get(user.name);
      return from && to ? [{ from, to, optional, key: `${plugin} ${user.name}` }] : [];
    }),
  );
  return (
    <section id="wiring" aria-label="Wiring">
      <h2>Wiring</h2>
      <div class="scroll">
        <svg width={width} height={height} role="img" aria-label={sentence(wiring.plugins)}>
          {arrows.map(({ from, to, optional, key }) => {
            const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
            const [x2, y2] = [to.x, to.y + BOX.height / 2];
            const bend = (x1 + x2) / 2;
            return (
              <path
                key={key}
                class={optional ? "arrow optional" : "arrow"}
                d={`M${x1},${y1} C${bend},${y1} ${bend},${y2} ${x2},${y2}`}
              />
            );
          })}
          {[...places.values()].map(({ plugin, x, y }) => (
            <g key={plugin.name} transform={`translate(${x},${y})`}>
              <title>{detail(plugin)}</title>
              <rect width={BOX.width} height={BOX.height} rx={6} />
              <text x={10} y={18}>
                {plugin.name}
              </text>
              <text x={10} y={35} class="small">
                {lanes(plugin)}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </section>
  );
}

/** A column for each length of the longest way from a plugin that requires nothing. */
function placesOf(plugins: readonly PluginDescription[]): ReadonlyMap<string, Place> {
  const depths = new Map<string, number>();
  // In load order, so what is required comes first.
  for (const { name, requires } of plugins)
    depths.set(name, Math.max(0, ...requires.map(({ plugin }) => 1 + (depths.get(plugin) ?? -1))));
  const filled: number[] = [];
  return new Map(
    plugins.map((plugin) => {
      const column = depths.get(plugin.name) ?? 0;
      const row = filled[column] ?? 0;
      filled[column] = row + 1;
      const place = {
        plugin,
        x: 1 + column * (BOX.width + BOX.right),
        y: 1 + row * (BOX.height + BOX.down),
      };
      return [plugin.name, place];
    }),
  );
}

function lanes({ attachments }: PluginDescription): string {
  return [...new Set(attachments.map(({ lane }) => lane))].join(", ");
}

function detail({ name, description, callbacks, functions, attachments }: PluginDescription): string {
  return [
    [name, description].filter(Boolean).join(": "),
    ...callbacks.map((each) => `callback ${each.name}, ${each.size} subscribers`),
    ...functions.map((each) => `function ${each}`),
    ...attachments.map(({ to, lane, count }) => `${lane} at ${to}${count > 1 ? `, ${count} times` : ""}`),
  ].join("\n");
}

function sentence(plugins: readonly PluginDescription[]): string {
  return plugins
    .map(({ name, requires }) =>
      requires.length === 0 ? name : `${name} uses ${requires.map(({ plugin }) => plugin).join(", ")}`,
    )
    .join("; ");
}
