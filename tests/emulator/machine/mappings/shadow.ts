import type { GuestProcess, Mapping } from "@qpp/emulator/contract";
import type { MachineImports } from "../rig.js";

/** A listing of what is mapped, a page at a time, that a plugin keeps by nothing but what it is told. */
export interface Shadow {
  /** Page addresses with what they show: `r-x /lib/libc.so.6+4096`. */
  readonly pages: ReadonlyMap<number, string>;
  /** What was told, a line an event. */
  readonly told: readonly string[];
}

const PAGE = 4096;

/** What one page of a mapping shows. */
function textOf(
  { start, readable, writable, executable, shared, name, offset, file }: Mapping,
  page: number,
) {
  const rights = `${readable ? "r" : "-"}${writable ? "w" : "-"}${executable ? "x" : "-"}${shared ? "s" : "p"}`;
  return `${rights} ${name}+${file ? offset + (page - start) : 0}`;
}

/** All pages of mappings. */
export function pagesOf(mappings: readonly Mapping[]): Map<number, string> {
  const pages = new Map<number, string>();
  for (const mapping of mappings) add(pages, mapping);
  return pages;
}

function add(pages: Map<number, string>, mapping: Mapping): void {
  for (let page = mapping.start; page < mapping.end; page += PAGE) pages.set(page, textOf(mapping, page));
}

/** Keeps a shadow of the running process's mappings; `check` is called after each change of it. */
export function shadow(api: MachineImports, check: (pages: ReadonlyMap<number, string>) => void): Shadow {
  const pages = pagesOf(api.mappings());
  const told: string[] = [];
  const say = (what: string, { pid }: GuestProcess, start: number, end: number, name = ""): void => {
    told.push(`${pid} ${what} ${start.toString(16)}-${end.toString(16)} ${name}`.trim());
  };
  api.processChanged.register((now, before) => {
    if (now.pid !== before.pid || now.name !== before.name) told.push(`${now.pid} runs ${now.name}`);
    pages.clear();
    for (const [page, text] of pagesOf(api.mappings())) pages.set(page, text);
  });
  api.unmapped.register((process, start, end) => {
    say("unmapped", process, start, end);
    for (let page = start; page < end; page += PAGE) pages.delete(page);
  });
  api.mapped.register((process, mapping) => {
    say("mapped", process, mapping.start, mapping.end, mapping.name);
    add(pages, mapping);
  });
  api.syscalls.returned.register(() => check(pages));
  return { pages, told };
}
