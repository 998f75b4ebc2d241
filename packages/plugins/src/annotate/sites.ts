import type { Imports } from "@qpp/core";
import type { Instruction } from "@qpp/emulator/contract";
import type { symbols } from "../symbols/contract.js";

/** What is known of an instruction when it is translated, and stays known when its process is gone. */
export interface Site {
  readonly pc: number;
  readonly text: string;
  readonly function: string;
  readonly object: string | undefined;
  /** Where the function starts: two may have one name. */
  readonly start: number | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/**
 * One site for each instruction of each file, wherever processes have it, and however often it is translated: code that has
 * been written over is another site.
 */
export function createSites(names: Imports<typeof symbols>): (instruction: Instruction) => Site {
  const sites = new Map<string, Site>();
  return ({ pc, data, text }) => {
    const object = names.objectAt(pc);
    const key = `${pc - (object?.base ?? 0)} ${data} ${object?.path}`;
    let site = sites.get(key);
    if (site === undefined) {
      const symbol = names.lookup(pc);
      const place = names.lines(pc).at(-1);
      site = {
        pc,
        text,
        function: symbol?.name ?? "?",
        object: object?.path,
        start: symbol && symbol.start - (object?.base ?? 0),
        file: place?.file,
        line: place?.line,
      };
      sites.set(key, site);
    }
    return site;
  };
}
