import type { Imports } from "@qpp/core";
import type { Instruction } from "@qpp/emulator/contract";
import type { symbols } from "../symbols/contract.js";
import type { LineCost } from "./callgrind.js";

/** A line of a function, for counters. */
export type LineSite = Omit<LineCost, "insns">;

/** Gives the line of each instruction: one object for each line of each function. */
export function createLineSites(
  names: Imports<typeof symbols>,
  nameOf: (address: number) => string,
): (instruction: Instruction) => LineSite {
  const sites = new Map<string, LineSite>();
  return ({ pc }) => {
    const symbol = names.lookup(pc);
    const frames = names.lines(pc);
    const place = frames.at(-1);
    const name = symbol?.name ?? nameOf(pc);
    const object = names.objectAt(pc)?.path;
    const key = `${object} ${name} ${place?.file} ${place?.line}`;
    const site = sites.get(key) ?? {
      name,
      object,
      home: frames[0]?.file,
      file: place?.file,
      line: place?.line ?? 0,
    };
    sites.set(key, site);
    return site;
  };
}
