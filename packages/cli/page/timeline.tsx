import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Timeline, TimelineEvent } from "../src/report/data.js";
import { count, matches } from "./format.js";

/** Events that are drawn; more cannot be told apart. */
const MOST = 4000;
const ROWS = 200;

/** What happened when: a lane for each thread; buttons zoom, and a table tells what is in sight. */
export function TimelineOf({ timeline, search }: { timeline: Timeline; search: string }): JSX.Element {
  const end = Math.max(1, ...timeline.events.map(({ start, duration }) => start + duration));
  const [[from, to], setSpan] = useState<readonly [number, number]>([0, end]);
  const inSight = timeline.events.filter(
    (event) =>
      event.start <= to &&
      event.start + event.duration >= from &&
      (search === "" || matches(textOf(event), search)),
  );
  const threads = [...new Set(timeline.events.map(({ thread }) => thread))];
  const zoom = (factor: number): void => {
    const middle = (from + to) / 2;
    const half = Math.min(((to - from) / 2) * factor, end / 2);
    const first = Math.min(Math.max(0, middle - half), end - 2 * half);
    setSpan([first, first + 2 * half]);
  };
  const shift = (share: number): void => {
    const by = Math.min(Math.max(-from, share * (to - from)), end - to);
    setSpan([from + by, to + by]);
  };
  const move = (event: KeyboardEvent): void => {
    const action = {
      "+": () => zoom(0.5),
      "-": () => zoom(2),
      ArrowLeft: () => shift(-0.25),
      ArrowRight: () => shift(0.25),
      Escape: () => setSpan([0, end]),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  return (
    <section id="timeline" aria-label="Timeline">
      <h2>Timeline</h2>
      <p class="note">
        <button type="button" onClick={() => zoom(0.5)}>
          Zoom in
        </button>{" "}
        <button type="button" onClick={() => zoom(2)}>
          Zoom out
        </button>{" "}
        Keys: + and -, arrows, Escape.{" "}
        <span data-timeline="span">
          {from.toFixed(1)} to {to.toFixed(1)} µs of the guest's clock, {count(inSight.length)} events
        </span>
      </p>
      <div
        class="timeline"
        role="slider"
        aria-label="Time in sight"
        aria-valuemin={0}
        aria-valuemax={end}
        aria-valuenow={(from + to) / 2}
        tabIndex={0}
        onKeyDown={move}
      >
        {threads.map((thread) => (
          <div class="lane" key={thread}>
            <span class="name">{thread}</span>
            {inSight
              .filter((event) => event.thread === thread)
              .slice(0, MOST)
              .map((event, i) => (
                <i
                  key={`${event.start} ${i}`}
                  class={matches(textOf(event), search) ? "event found" : "event"}
                  title={textOf(event)}
                  style={{
                    left: `${(100 * (event.start - from)) / (to - from)}%`,
                    width: `max(1px, ${(100 * event.duration) / (to - from)}%)`,
                  }}
                />
              ))}
          </div>
        ))}
      </div>
      <div class="scroll">
        <table aria-label="Events in sight">
          <thead>
            <tr>
              <th>µs</th>
              <th>thread</th>
              <th>what</th>
            </tr>
          </thead>
          <tbody>
            {inSight.slice(0, ROWS).map((event, i) => (
              <tr key={`${event.start} ${i}`}>
                <td class="number">{event.start.toFixed(1)}</td>
                <td>{event.thread}</td>
                <td>{textOf(event)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {inSight.length > ROWS && (
          <p class="note">… and {count(inSight.length - ROWS)} more: zoom in, or search.</p>
        )}
      </div>
    </section>
  );
}

function textOf({ name, detail }: TimelineEvent): string {
  return detail === "" ? name : `${name} (${detail})`;
}
