import { createContainer } from "@qpp/core";
import { OWN_FAILURE } from "../failure.js";
import { idleMachine } from "../machine.js";
import type { WiringOptions } from "../options.js";
import { say } from "../output.js";
import { knownPlugins, loadAll } from "../plugin/load-all.js";
import { textOf } from "../run/text-of.js";
import { wiringMermaid } from "./mermaid.js";
import { wiringText } from "./text.js";

/**
 * `qpp wiring`: loads plugins as `qpp run` would, and shows how they are connected; no guest runs. They are installed on a real
 * machine: what a plugin subscribes to is known only by having it do so.
 *
 * @param path the program to load them for; without one, a program that does nothing takes its place
 * @returns the exit code
 * @throws Failure if there is no such program
 */
export async function wiring(path: string | undefined, options: WiringOptions): Promise<number> {
  const problems: string[] = [];
  const machine = idleMachine(path);
  const container = createContainer({
    host: {
      log: (_plugin, ...values) => say(`${values.map(textOf).join(" ")}\n`),
      fault: ({ message }) => problems.push(message),
    },
    ...(await knownPlugins()),
  });
  problems.push(...(await loadAll(container, machine.plugin, options.plugin)));
  const { plugins } = container.describe();
  for (const problem of problems) say(`qpp: ${problem}\n`);
  if (options.check && problems.length === 0)
    process.stdout.write(`${plugins.length} plugins can be loaded\n`);
  if (!options.check) {
    const formats = {
      text: wiringText,
      mermaid: wiringMermaid,
      json: () => `${JSON.stringify({ plugins, problems }, null, 2)}\n`,
    };
    process.stdout.write(formats[options.format](plugins));
  }
  return problems.length === 0 ? 0 : OWN_FAILURE;
}
