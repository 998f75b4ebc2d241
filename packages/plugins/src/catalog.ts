import { existsSync, readdirSync } from "node:fs";
import { isPlugin, type Plugin } from "@qpp/core";

/** A plugin of this package that can be loaded by name. */
export interface CatalogEntry {
  readonly name: string;
  /** URL of its module; types and documentation of what it offers stand in the declarations beside that. */
  readonly url: string;
  /** Loads its module, and so its code, when it is wanted. */
  load(): Promise<Plugin>;
}

/** Sources or built files: the plugins' modules are of the kind that this one is. */
const INDEX = `index${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`;

/** All plugins of this package, in alphabetical order: every folder beside this file is one. Importing this loads none of them. */
export const catalog: readonly CatalogEntry[] = readdirSync(new URL(".", import.meta.url))
  .filter((folder) => existsSync(new URL(`${folder}/${INDEX}`, import.meta.url)))
  .sort()
  .map(entryOf);

/** The entry of that name, if there is one. */
export function findInCatalog(name: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.name === name);
}

function entryOf(folder: string): CatalogEntry {
  const { href } = new URL(`./${folder}/${INDEX}`, import.meta.url);
  return {
    name: folder.replaceAll("-", "_"),
    url: href,
    async load() {
      const module: { readonly default?: unknown } = await import(/* @vite-ignore */ href);
      if (!isPlugin(module.default)) throw new TypeError(`${href} has no plugin as its default export`);
      return module.default;
    },
  };
}
