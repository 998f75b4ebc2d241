import type { Container, ContainerOptions, LoadRequest, Plugin } from "@qpp/core";
import { Failure } from "../failure.js";
import { loadPlugin } from "./load.js";
import { parsePluginSpec } from "./spec.js";

/** What the command tells every container: the plugins of the catalog are known, and others are loaded with `-p`. */
export async function knownPlugins(): Promise<Pick<ContainerOptions, "resolve" | "suggestions" | "advice">> {
  const { catalog, findInCatalog } = await import("@qpp/plugins/catalog");
  return {
    resolve: (name) => findInCatalog(name)?.load(),
    suggestions: catalog.map(({ name }) => name),
    advice: (name) => `load it with -p ${name}`,
  };
}

/**
 * Loads the machine and the plugins that were asked for, each given as for `-p`.
 * @returns all that is wrong, each thing once; nothing if all of them are loaded.
 */
export async function loadAll(
  container: Container,
  machine: Plugin,
  specs: readonly string[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  const requests: LoadRequest[] = [{ plugin: machine }];
  for (const spec of specs) {
    try {
      const { name, args } = parsePluginSpec(spec);
      const { plugin } = await loadPlugin(name);
      requests.push({ plugin, args });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error.message);
    }
  }
  const report = await container.load(requests);
  return [...problems, ...report.problems.map(({ message }) => message)];
}
