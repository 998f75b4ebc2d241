import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { HeatMap } from "../src/report/data.js";
import { address, count } from "./format.js";

const CELL_HEIGHT = 4;
const WIDTH = 1024;
/** More pages than that are drawn several to a row. */
const MOST_ROWS = 200;

interface Grid {
  /** Pages of each row, the first of them naming it. */
  readonly rows: readonly { readonly pid: number; readonly page: number; readonly pages: number }[];
  readonly columns: number;
  /** Accesses, row by row. */
  readonly cells: Float64Array;
}

/** Accesses by page (down) and time (to the right); arrow keys move. */
export function Heat({ heat }: { heat: HeatMap }): JSX.Element {
  const grid = useMemo(() => gridOf(heat), [heat]);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paint(context, grid);
  }, [grid]);

  const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), Math.max(most - 1, 0));
  const go = (row: number, column: number): void =>
    setAt({ row: clamp(row, grid.rows.length), column: clamp(column, grid.columns) });
  const point = (event: MouseEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const down = (event.clientY - box.top) / box.height;
    const right = (event.clientX - box.left) / box.width;
    go(Math.floor(down * grid.rows.length), Math.floor(right * grid.columns));
  };
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    go(at.row + (step[0] ?? 0), at.column + (step[1] ?? 0));
  };
  const row = grid.rows[at.row];
  return (
    <section id="memory" aria-label="Memory">
      <h2>Memory</h2>
      <p class="note">
        Accesses by page (from low addresses down to high ones) and time (from left to right,{" "}
        {count(heat.sliceAccesses)} accesses a column). Point at it, or move with the arrow keys.
      </p>
      <p class="facts" aria-live="polite" data-heat="cell">
        {row
          ? `${address(row.page)}${row.pages > 1 ? ` and ${row.pages - 1} pages after it` : ""}, process ${row.pid}, slice ${at.column}: ${count(grid.cells[at.row * grid.columns + at.column] ?? 0)} accesses`
          : "No accesses."}
      </p>
      <canvas
        ref={canvas}
        class="heatmap"
        width={WIDTH}
        height={Math.max(1, grid.rows.length) * CELL_HEIGHT}
        aria-label="Heat map of memory over time"
        tabIndex={0}
        onMouseMove={point}
        onKeyDown={move}
      />
    </section>
  );
}

function gridOf({ slices }: HeatMap): Grid {
  const keys = new Map<string, { pid: number; page: number }>();
  for (const [pid, page] of slices.flat()) keys.set(`${pid} ${page}`, { pid, page });
  const pages = [...keys.values()].sort((a, b) => a.pid - b.pid || a.page - b.page);
  const together = Math.max(1, Math.ceil(pages.length / MOST_ROWS));
  const rows: { pid: number; page: number; pages: number }[] = [];
  const rowOf = new Map<string, number>();
  for (const { pid, page } of pages) {
    const last = rows.at(-1);
    if (last && last.pid === pid && last.pages < together) last.pages++;
    else rows.push({ pid, page, pages: 1 });
    rowOf.set(`${pid} ${page}`, rows.length - 1);
  }
  const columns = slices.length;
  const cells = new Float64Array(rows.length * columns);
  for (const [column, slice] of slices.entries())
    for (const [pid, page, accesses] of slice) {
      const cell = (rowOf.get(`${pid} ${page}`) ?? 0) * columns + column;
      cells[cell] = (cells[cell] ?? 0) + accesses;
    }
  return { rows, columns, cells };
}

/** By the logarithm: what is accessed a little must be seen beside what is accessed all the time. */
function paint(context: CanvasRenderingContext2D, { rows, columns, cells }: Grid): void {
  const most = cells.reduce((a, b) => Math.max(a, b), 1);
  const width = WIDTH / Math.max(1, columns);
  context.clearRect(0, 0, WIDTH, context.canvas.height);
  for (let row = 0; row < rows.length; row++)
    for (let column = 0; column < columns; column++) {
      const accesses = cells[row * columns + column] ?? 0;
      if (accesses === 0) continue;
      const share = Math.log1p(accesses) / Math.log1p(most);
      context.fillStyle = `hsl(${Math.round(50 - 50 * share)} 90% ${Math.round(75 - 35 * share)}%)`;
      context.fillRect(column * width, row * CELL_HEIGHT, Math.max(width, 1), CELL_HEIGHT);
    }
}
