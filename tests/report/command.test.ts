import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, qpp } from "../e2e/qpp.js";
import { FILES, reportFolder } from "./folder.js";

/** The data that is embedded in a page. */
function embedded(html: string): Record<string, unknown> {
  return JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? "");
}

test("the page has all that is in the folder, whatever characters are in it, and refers to nothing outside", () => {
  const folder = reportFolder();
  const { code, stdout, stderr } = qpp(["report", folder]);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: `${join(folder, "report.html")}\n`,
    stderr: "",
  });
  const html = readFileSync(join(folder, "report.html"), "utf8");
  const data = embedded(html);
  expect(data.run).toEqual(FILES["run.json"]);
  expect(data.wiring).toEqual(FILES["wiring.json"]);
  expect(data.listing).toEqual(FILES["annotate.json"]);
  expect(data.heat).toEqual(FILES["heatmap.json"]);
  expect(html).not.toContain("</script><b>");
  expect(html.match(/(?:src|href)="(?!data:)[^"]*"/g)).toBeNull();
});

test("source files are taken from the folders that were given, and from nowhere else", () => {
  const folder = reportFolder();
  qpp(["report", folder]);
  expect(embedded(readFileSync(join(folder, "report.html"), "utf8")).sources).toEqual({});
  const other = join(folder, "other.html");
  expect(qpp(["report", folder, "--source", folder, "--output", other]).stdout).toBe(`${other}\n`);
  const { sources } = embedded(readFileSync(other, "utf8"));
  expect(sources).toEqual({ "/src/odd.c": readFileSync(join(folder, "odd.c"), "utf8").split("\n") });
});

test("a run alone makes a report", () => {
  const folder = folderWith({ "run.json": JSON.stringify(FILES["run.json"]) });
  expect(qpp(["report", folder]).code).toBe(0);
  expect(Object.keys(embedded(readFileSync(join(folder, "report.html"), "utf8")))).toEqual([
    "run",
    "sources",
  ]);
});

test.each([
  ["run.json", '{"guest":', "JSON"],
  ["annotate.json", '{"functions":[{"name":1}]}', "it has another shape"],
  ["trace.json", "{}", "it has another shape"],
  ["profile.folded", "no count\n", "line 1 is no call path with a count"],
])("a bad %s is named", (name, text, why) => {
  const { code, stderr } = qpp(["report", reportFolder({ [name]: text })]);
  expect(code).toBe(125);
  expect(stderr).toMatch(/^qpp: .*it is not what `qpp run --out` writes under that name: .*\n$/);
  expect(stderr).toContain(name);
  expect(stderr).toContain(why);
});

test("a folder without a run, or none at all, is told with what to do", () => {
  const empty = folderWith();
  expect(qpp(["report", empty]).stderr).toContain(
    "there is no run.json; fill the folder with `qpp run --out",
  );
  expect(qpp(["report", join(empty, "nothing")])).toMatchObject({ code: 125 });
  expect(qpp(["report"])).toMatchObject({ code: 125 });
});
