import { NO_ANALYSIS } from "./analyses.js";
import { KINDS } from "./programs.js";
import { meanAnalysisRatio, meanRatio, ratio } from "./ratios.js";
import type { AnalysisSpeed, Results, Speed } from "./results.js";

/** One bar: how many times as fast as QEMU; the same of the native program, where there is one. */
interface Bar {
  readonly name: string;
  readonly value: number;
  readonly native?: number | undefined;
  readonly isMean?: boolean;
}

interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 780;
const LABELS = 250;
const RIGHT = 60;
const ROW = 22;
const BAR = 14;
const HEAD = 58;
const FOOT = 18;
const TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Neutral, unless the reader's colours are dark; without styles, greys that both bear. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #59636e }
  .title { font-size: 14px; font-weight: 600; fill: #1f2328 }
  .mean { font-weight: 600; fill: #1f2328 }
  .grid { stroke: #8b949e; stroke-opacity: 0.3 }
  .one { stroke: #59636e }
  .faster { fill: #2da05a }
  .slower { fill: #d1662b }
  .native { fill: none; stroke: #59636e; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 }
    .title, .mean { fill: #f0f6fc }
    .one, .native { stroke: #9198a1 }
  }`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const at = (value: number): string => value.toFixed(1);
const times = (value: number): string => `${value.toFixed(value < 9.95 ? 2 : 1)}×`;

function speedPanel(speeds: readonly Speed[]): Panel {
  const bars = speeds.flatMap((speed): Bar[] => {
    const value = ratio(speed, "qemu");
    const native = ratio(speed, "native");
    return value === undefined ? [] : [{ name: speed.program, value, native: native && value / native }];
  });
  const mean = (name: string, kind?: Speed["kind"]): Bar[] => {
    const value = meanRatio(speeds, "qemu", kind);
    return value === undefined ? [] : [{ name, value, isMean: true }];
  };
  return {
    title: "Programs: times as fast as qemu-riscv64",
    bars: [...bars, ...mean("geometric mean"), ...KINDS.flatMap((kind) => mean(`… ${kind}`, kind))],
  };
}

function analysesPanel(all: readonly AnalysisSpeed[]): Panel {
  const names = new Set(all.map(({ analysis }) => analysis));
  names.delete(NO_ANALYSIS);
  return {
    title: "Analyses: times as fast as qemu-riscv64 with a plugin in C",
    bars: [...names].map((name) => ({ name, value: meanAnalysisRatio(all, name) })),
  };
}

/** The bars of the figures, as SVG: on a logarithmic scale, from 1 to the right what is faster than QEMU, to the left what is slower. */
export function picture({ speed, analyses }: Results): string {
  const panels = [
    ...(speed ? [speedPanel(speed.found)] : []),
    ...(analyses ? [analysesPanel(analyses.found)] : []),
  ].filter(({ bars }) => bars.length > 0);
  const values = panels.flatMap(({ bars }) => bars.flatMap(({ value, native }) => [value, native ?? 1]));
  const low = Math.min(0.5, ...values) / 1.1;
  const high = Math.max(5, ...values) * 1.1;
  const x = (value: number): number =>
    LABELS + (Math.log(value / low) / Math.log(high / low)) * (WIDTH - LABELS - RIGHT);

  const bar = ({ name, value, native, isMean = false }: Bar, top: number): string => {
    const [from, to] = value < 1 ? [x(value), x(1)] : [x(1), x(value)];
    const middle = top + ROW / 2;
    const mean = isMean ? ' class="mean"' : "";
    const circle =
      native === undefined
        ? ""
        : `<circle class="native" cx="${at(x(native))}" cy="${at(middle)}" r="4"><title>${escaped(name)}, native: ${times(native)}</title></circle>`;
    // The circle, where there is one, must not cover the figure.
    const end = Math.max(to, x(1));
    const covered = native !== undefined && Math.abs(x(native) - end - 20) < 28;
    const figure = covered ? Math.max(end, x(native)) + 9 : end + 6;
    return [
      `<text${mean} x="${LABELS - 10}" y="${at(middle + 4)}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${value < 1 ? "slower" : "faster"}" x="${at(from)}" y="${at(middle - BAR / 2)}" width="${at(Math.max(to - from, 1))}" height="${BAR}" rx="2"><title>${escaped(name)}: ${times(value)}</title></rect>`,
      circle,
      `<text${mean} x="${at(figure)}" y="${at(middle + 4)}">${times(value)}</text>`,
    ].join("");
  };

  const panel = ({ title, bars }: Panel, top: number): string => {
    const [first, last] = [top + HEAD, top + HEAD + bars.length * ROW];
    const lines = TICKS.filter((tick) => tick > low && tick < high).map(
      (tick) =>
        `<line class="${tick === 1 ? "one" : "grid"}" x1="${at(x(tick))}" y1="${first}" x2="${at(x(tick))}" y2="${last}"/>` +
        `<text x="${at(x(tick))}" y="${first - 6}" text-anchor="middle">${tick}×</text>`,
    );
    const text = `<text class="title" x="0" y="${top + 18}">${escaped(title)}</text>`;
    return [text, ...lines, ...bars.map((each, i) => bar(each, first + i * ROW))].join("\n");
  };

  const heights = panels.map(({ bars }) => HEAD + bars.length * ROW + FOOT);
  const tops = heights.map((_, i) => heights.slice(0, i).reduce((sum, height) => sum + height, 0));
  const height = heights.reduce((sum, each) => sum + each, FOOT);
  const hasNative = panels.some(({ bars }) => bars.some(({ native }) => native !== undefined));
  const legend = hasNative
    ? `<text x="${WIDTH}" y="18" text-anchor="end">○ the native program; scale is logarithmic</text>`
    : "";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    "<title>QPP beside qemu-riscv64</title>",
    `<style>${STYLE}\n</style>`,
    legend,
    ...panels.map((each, i) => panel(each, tops[i] ?? 0)),
    "</svg>\n",
  ].join("\n");
}
