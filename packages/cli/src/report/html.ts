import { readFileSync } from "node:fs";
import type { ReportData } from "./data.js";

/** The element of the page that holds the data. */
const DATA_ID = "report-data";

/** One self-contained page: style, script and data are in it, and it fetches nothing. */
export function reportHtml(data: ReportData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(data.run.guest.path)} - QPP report</title>
<style>${built("report-page.css")}</style>
</head>
<body>
<div id="report"></div>
<script type="application/json" id="${DATA_ID}">${embedded(data)}</script>
<script>${built("report-page.js").replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}

/** A file that the build has put beside the command's. */
function built(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

/** JSON that cannot end the element it stands in. */
function embedded(data: ReportData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
