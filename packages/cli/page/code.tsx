import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ListedFunction, Listing, ReportData } from "../src/report/data.js";
import { count, matches, percent } from "./format.js";

/** Functions that are shown at first. */
const MOST = 50;

/** Disassembly with counts, under the source lines that it was made from. */
export function Code({
  listing,
  sources,
  search,
}: { listing: Listing; search: string } & Pick<ReportData, "sources">): JSX.Element {
  const [name, choose] = useState<string>();
  const [all, setAll] = useState(false);
  const wanted = listing.functions.filter((each) => search === "" || matches(each.name, search));
  const shown = all ? wanted : wanted.slice(0, MOST);
  const chosen = wanted.find((each) => keyOf(each) === name) ?? wanted[0];
  const total = listing.functions.reduce((sum, { insns }) => sum + insns, 0);
  return (
    <section id="code" aria-label="Code">
      <h2>Code</h2>
      <div class="columns">
        <div class="scroll">
          <table aria-label="Functions">
            <thead>
              <tr>
                <th>function</th>
                <th>instructions</th>
                <th>share</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((each) => (
                <tr key={keyOf(each)} aria-selected={each === chosen}>
                  <td>
                    <button
                      type="button"
                      class="link"
                      title={each.object ?? ""}
                      onClick={() => choose(keyOf(each))}
                    >
                      {each.name}
                    </button>
                  </td>
                  <td class="number">{count(each.insns)}</td>
                  <td class="number">{percent(each.insns, total)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {wanted.length > shown.length && (
            <button type="button" onClick={() => setAll(true)}>
              Show all {wanted.length}
            </button>
          )}
        </div>
        {chosen ? <Disassembly of={chosen} sources={sources} /> : <p>No function matches.</p>}
      </div>
    </section>
  );
}

function keyOf({ name, object, instructions }: ListedFunction): string {
  return `${object} ${name} ${instructions[0]?.[0]}`;
}

function Disassembly({ of, sources }: { of: ListedFunction } & Pick<ReportData, "sources">): JSX.Element {
  const most = Math.max(1, ...of.instructions.map(([, , executed]) => executed));
  let place = "";
  return (
    <div class="scroll">
      <table class="code" aria-label={`Disassembly of ${of.name}`}>
        <tbody>
          {of.instructions.map(([pc, text, executed, file, line]) => {
            const before = place;
            place = file === null ? "" : `${file}:${line}`;
            const source = file !== null && line !== null ? sources[file]?.[line - 1] : undefined;
            return (
              <>
                {place !== before && place !== "" && (
                  <tr class="source" key={`${pc} source`}>
                    <td colSpan={3} title={place}>
                      <span class="place">{place.slice(place.lastIndexOf("/") + 1)}</span> {source}
                    </td>
                  </tr>
                )}
                <tr key={pc}>
                  <td class="number heat" style={{ "--share": String(executed / most) }}>
                    {count(executed)}
                  </td>
                  <td class="address">{pc}</td>
                  <td>{text}</td>
                </tr>
              </>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
