import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CoveredFile, ReportData } from "../src/report/data.js";
import { count, matches, percent } from "./format.js";

/** Which lines were executed: a row for each file, and the chosen file's lines. */
export function CoverageOf({
  coverage,
  sources,
  search,
}: {
  coverage: NonNullable<ReportData["coverage"]>;
  search: string;
} & Pick<ReportData, "sources">): JSX.Element {
  const [name, choose] = useState<string>();
  const wanted = coverage.files.filter(({ file }) => search === "" || matches(file, search));
  const chosen = wanted.find(({ file }) => file === name);
  return (
    <section id="coverage" aria-label="Coverage">
      <h2>Coverage</h2>
      <table aria-label="Files">
        <thead>
          <tr>
            <th>file</th>
            <th>lines executed</th>
            <th>lines</th>
            <th>share</th>
          </tr>
        </thead>
        <tbody>
          {wanted.map((each) => (
            <tr key={each.file} aria-selected={each === chosen}>
              <td>
                <button type="button" class="link" onClick={() => choose(each.file)}>
                  {each.file}
                </button>
              </td>
              <td class="number">{count(hit(each))}</td>
              <td class="number">{count(each.lines.length)}</td>
              <td class="number">{percent(hit(each), each.lines.length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && <Lines of={chosen} text={sources[chosen.file]} />}
    </section>
  );
}

function hit({ lines }: CoveredFile): number {
  return lines.filter(([, executed]) => executed > 0).length;
}

function Lines({ of, text }: { of: CoveredFile; text: readonly string[] | undefined }): JSX.Element {
  const counts = new Map(of.lines);
  const lines = text ? text.map((_, i) => i + 1) : of.lines.map(([line]) => line);
  return (
    <div class="scroll">
      {!text && <p class="note">The source is not in this report: tell qpp report --source where it is.</p>}
      <table class="code" aria-label={`Lines of ${of.file}`}>
        <tbody>
          {lines.map((line) => {
            const executed = counts.get(line);
            return (
              <tr key={line} class={executed === undefined ? "" : executed > 0 ? "hit" : "missed"}>
                <td class="number">{executed === undefined ? "" : count(executed)}</td>
                <td class="number place">{line}</td>
                <td>{text?.[line - 1] ?? ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
