import { fileURLToPath } from "node:url";
import { nearest, type Plugin } from "@qpp/core";
import { Failure } from "../failure.js";

/** A plugin, and where it comes from. */
export interface FoundPlugin {
  readonly plugin: Plugin;
  /** Path of its module; undefined if that cannot be told. */
  readonly file: string | undefined;
}

/**
 * Loads a plugin: one of the catalog by its name, one from a file or folder by its path (which has a slash in front, or a
 * suffix of JavaScript or TypeScript), one from an installed package by the package's name.
 * @throws Failure if there is none, or it cannot be loaded.
 */
export async function loadPlugin(name: string): Promise<FoundPlugin> {
  const { catalog, findInCatalog } = await import("@qpp/plugins/catalog");
  const known = findInCatalog(name);
  if (known) return { plugin: await known.load(), file: fileURLToPath(known.url) };
  if (name === "machine") throw new Failure('the plugin "machine" is always loaded; leave it out');
  const { importPluginFile, importPluginPackage } = await import("./import.js");
  if (/^\.{0,2}\/|^\.{1,2}$|\.[cm]?[jt]sx?$/.test(name)) return importPluginFile(name);
  const found = await importPluginPackage(name);
  if (found) return found;
  const near = nearest(
    name,
    catalog.map((entry) => entry.name),
  );
  const hint = near === undefined ? ";" : `; did you mean "${near}"?`;
  throw new Failure(
    `there is no plugin "${name}", and no package of that name is installed here${hint} \`qpp plugins\` lists what there is`,
  );
}
