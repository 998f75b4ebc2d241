import type { PluginGraph, PluginShape } from "../graph.js";

/** Which of the requested plugins are to be installed, in what order, and why the others are not. */
export interface LoadPlan {
  readonly order: readonly PluginShape[];
  readonly refused: Map<string, string>;
  /** Requests of a name that is taken. */
  readonly duplicates: readonly string[];
}

/**
 * Who is refused before anything is installed, and in what order the others come.
 *
 * @param taken the names that were taken when it was asked for
 */
export function planLoading(
  requests: PluginGraph,
  loaded: (name: string) => boolean,
  taken: (name: string) => boolean,
): LoadPlan {
  const byName = new Map<string, PluginShape>();
  const duplicates: string[] = [];
  for (const shape of requests) {
    if (taken(shape.name) || byName.has(shape.name)) duplicates.push(shape.name);
    else byName.set(shape.name, shape);
  }
  const all = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const refused = new Map<string, string>();
  const left = (): PluginShape[] => all.filter(({ name }) => !refused.has(name));
  for (const { name, requires, optional } of all) {
    const missing = (each: string): boolean => requires.includes(each) && !loaded(each) && !byName.has(each);
    const wrong = [...requires, ...optional].find((each) => each === name || missing(each));
    if (wrong !== undefined)
      refused.set(name, wrong === name ? "QPP_SELF_REQUIREMENT" : "QPP_MISSING_REQUIREMENT");
  }
  refuseDependents(all, refused);
  for (;;) {
    const order = layers(left());
    const stuck = left().filter((shape) => !order.includes(shape));
    if (stuck.length === 0) return { order, refused, duplicates };
    for (const name of circleIn(stuck)) refused.set(name, "QPP_CYCLE");
    refuseDependents(all, refused);
  }
}

/** Refuses all that require something that is refused. */
export function refuseDependents(all: PluginGraph, refused: Map<string, string>): void {
  const next = all.find(({ name, requires }) => !refused.has(name) && requires.some((r) => refused.has(r)));
  if (next === undefined) return;
  refused.set(next.name, "QPP_REFUSED_REQUIREMENT");
  refuseDependents(all, refused);
}

const needs = ({ requires, optional }: PluginShape): string[] => [...requires, ...optional];

/** First those that need nothing of the others, then those that need only the first, and so on. */
function layers(shapes: readonly PluginShape[]): PluginShape[] {
  const waiting = new Set(shapes.map(({ name }) => name));
  const order: PluginShape[] = [];
  for (;;) {
    const layer = shapes.filter(
      (shape) => waiting.has(shape.name) && !needs(shape).some((n) => waiting.has(n)),
    );
    if (layer.length === 0) return order;
    for (const { name } of layer) waiting.delete(name);
    order.push(...layer);
  }
}

/** From the first one on, each time to the first that it needs, until one comes again. */
function circleIn(stuck: readonly PluginShape[]): readonly string[] {
  const path = new Set(stuck.slice(0, 1));
  let next: readonly PluginShape[] = [];
  for (const at of path) {
    next = needs(at)
      .flatMap((name) => stuck.filter((shape) => shape.name === name))
      .slice(0, 1);
    for (const each of next) path.add(each);
  }
  const walked = [...path];
  return walked.slice(walked.findIndex((shape) => next.includes(shape))).map(({ name }) => name);
}
