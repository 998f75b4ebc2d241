import { readFileSync, writeFileSync } from "node:fs";
import { asMarkdown } from "../table.js";
import type { Part } from "./report.js";

const BEGIN = "<!-- from here on written by `npm run bench -- readme` -->";
const END = "<!-- up to here -->";

/** The report in Markdown, under headings of the third level. */
export function markdown(parts: readonly Part[]): string {
  return parts
    .map(({ title, environment, taken, tables }) => {
      const lines = [environment && `${environment}.`, taken].filter((line) => line !== undefined);
      return [`### ${title}`, ...lines, ...tables.map(asMarkdown)].join("\n\n");
    })
    .join("\n\n");
}

/** Puts the report between the marks in a file. @throws Error if they are not there */
export function intoReadme(file: string, parts: readonly Part[]): void {
  replaceBetween(file, BEGIN, END, markdown(parts));
}

/** Puts a text between two marks in a file, instead of what is there. @throws Error if they are not there */
export function replaceBetween(file: string, beginMark: string, endMark: string, content: string): void {
  const text = readFileSync(file, "utf8");
  const [begin, end] = [text.indexOf(beginMark), text.indexOf(endMark)];
  if (begin < 0 || end < begin)
    throw new Error(`${file} has no place for the tables: ${beginMark} … ${endMark}`);
  const after = begin + beginMark.length;
  writeFileSync(file, `${text.slice(0, after)}\n\n${content}\n\n${text.slice(end)}`);
}
