import type { JSX } from "preact";
import type { ReportData } from "../src/report/data.js";
import { count } from "./format.js";

/** The run, and every plugin's result. */
export function Summary({ run }: Pick<ReportData, "run">): JSX.Element {
  const { guest, machine, plugins, faults = [] } = run;
  const ended = guest.signal ? `by ${guest.signal}` : (guest.stopped ?? `with exit code ${guest.exitCode}`);
  return (
    <section id="summary" aria-label="Summary">
      <h2>Summary</h2>
      <dl class="facts">
        <dt>Program</dt>
        <dd>
          <code>{[guest.path, ...guest.args].join(" ")}</code>
        </dd>
        <dt>Ended</dt>
        <dd>{ended}</dd>
        <dt>Instructions</dt>
        <dd data-fact="insns">{count(machine.insns)}</dd>
        <dt>Time</dt>
        <dd>{machine.seconds.toFixed(2)} s on the host</dd>
      </dl>
      {faults.length > 0 && (
        <div class="faults" role="alert">
          <h3>Faults</h3>
          <ul>
            {faults.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      <h3>Results</h3>
      {Object.entries(plugins).map(([name, result]) => (
        <details key={name}>
          <summary>{name}</summary>
          <pre data-plugin={name}>{JSON.stringify(result, null, 2)}</pre>
        </details>
      ))}
    </section>
  );
}
