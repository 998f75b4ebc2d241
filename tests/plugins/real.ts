import type { RawArguments } from "@qpp/core";
import { findInCatalog } from "@qpp/plugins/catalog";
import { createRig, type Guest, type Rig, type RigOptions } from "../emulator/machine/rig.js";

/** A machine with plugins of the catalog, by name, and those that they require. */
export async function rigWith(
  guest: Guest,
  wanted: Readonly<Record<string, RawArguments>>,
  options: RigOptions = {},
): Promise<Rig> {
  const rig = await createRig(guest, { resolve: (name) => findInCatalog(name)?.load(), ...options });
  const requests = Object.entries(wanted).map(async ([name, args]) => {
    const plugin = await findInCatalog(name)?.load();
    if (plugin === undefined) throw new Error(`the catalog has no ${name}`);
    return { plugin, args };
  });
  const { refused } = await rig.container.load(await Promise.all(requests));
  if (refused.length > 0) throw new Error(refused.map(({ error }) => error.message).join("\n"));
  return rig;
}

/** What a plugin reports. */
export function resultOf(rig: Rig, plugin: string): unknown {
  return rig.container.results().get(plugin)?.result;
}
