import type { RawArguments } from "@qpp/core";
import { Failure } from "../failure.js";

/** A plugin as it was asked for: `NAME[,key=value...]`. */
export interface PluginSpec {
  /** A name of the catalog, a package, or a path. */
  readonly name: string;
  /** What was given more than once has its values joined by commas, which no value contains. */
  readonly args: RawArguments;
}

/** Reads what was given for `-p`. @throws Failure for a missing name, or an argument without `=`. */
export function parsePluginSpec(text: string): PluginSpec {
  const [name = "", ...given] = text.split(",");
  if (name === "")
    throw new Failure(`-p ${text}: the plugin's name is missing; write -p NAME[,key=value...]`);
  // Without a prototype: an argument may be called anything.
  const args: Record<string, string> = Object.create(null);
  for (const argument of given) {
    const at = argument.indexOf("=");
    if (at < 1) throw new Failure(`-p ${text}: "${argument}" is no argument; write key=value`);
    const key = argument.slice(0, at);
    const value = argument.slice(at + 1);
    args[key] = args[key] === undefined ? value : `${args[key]},${value}`;
  }
  return { name, args };
}
