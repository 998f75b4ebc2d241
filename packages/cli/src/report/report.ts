import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, fileProblem } from "../failure.js";
import type { ReportOptions } from "../options.js";
import { collectReport } from "./collect.js";
import { reportHtml } from "./html.js";

/**
 * `qpp report`: makes one HTML file of what `qpp run --out` left in a folder.
 * @returns where it is.
 * @throws Failure if the folder has no run, or the file cannot be written.
 */
export async function report(folder: string, { source, output }: ReportOptions): Promise<string> {
  const file = output ?? join(folder, "report.html");
  const html = reportHtml(await collectReport(folder, source));
  try {
    writeFileSync(file, html);
  } catch (error) {
    throw new Failure(`${file}: it cannot be written: ${fileProblem(error)}`);
  }
  return file;
}
