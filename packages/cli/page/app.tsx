import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { ReportData } from "../src/report/data.js";
import { Code } from "./code.js";
import { CoverageOf } from "./coverage.js";
import { Flame } from "./flame.js";
import { Heat } from "./heat.js";
import { Summary } from "./summary.js";
import { TimelineOf } from "./timeline.js";
import { Wiring } from "./wiring.js";

/** The page: a section for each thing that there is data for. */
export function App({ data }: { data: ReportData }): JSX.Element {
  const [search, setSearch] = useState("");
  const { run, profile, listing, heat, coverage, timeline, wiring, sources } = data;
  const sections = [
    ["summary", "Summary", <Summary run={run} />],
    ["flame", "Flame graph", profile && <Flame profile={profile} search={search} />],
    ["code", "Code", listing && <Code listing={listing} sources={sources} search={search} />],
    ["memory", "Memory", heat && <Heat heat={heat} />],
    [
      "coverage",
      "Coverage",
      coverage && <CoverageOf coverage={coverage} sources={sources} search={search} />,
    ],
    ["timeline", "Timeline", timeline && <TimelineOf timeline={timeline} search={search} />],
    ["wiring", "Wiring", wiring && <Wiring wiring={wiring} />],
  ] as const;
  const present = sections.filter(([, , section]) => section !== undefined);
  return (
    <>
      <header>
        <h1>
          <span class="brand">QPP</span> {run.guest.path.slice(run.guest.path.lastIndexOf("/") + 1)}
        </h1>
        <nav aria-label="Sections">
          {present.map(([id, title]) => (
            <a key={id} href={`#${id}`}>
              {title}
            </a>
          ))}
        </nav>
        <input
          type="search"
          placeholder="Search (/)"
          aria-label="Search functions, files and events"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <Theme />
      </header>
      <main>{present.map(([id, , section]) => ({ ...section, key: id }))}</main>
    </>
  );
}

/** Light, dark, or as the system has it; `/` goes to the search. */
function Theme(): JSX.Element {
  const [theme, setTheme] = useState<"light" | "dark">(() =>
    matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  );
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useLayoutEffect(() => {
    const toSearch = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      document.querySelector<HTMLInputElement>("input[type=search]")?.focus();
    };
    document.addEventListener("keydown", toSearch);
    return () => document.removeEventListener("keydown", toSearch);
  }, []);
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" onClick={() => setTheme(other)}>
      {other === "dark" ? "Dark" : "Light"}
    </button>
  );
}
