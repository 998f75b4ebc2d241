import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalog } from "@qpp/plugins/catalog";
import { buildNative, buildPeerAt } from "../machine/build.js";
import { qemu, qpp } from "../machine/engines.js";
import { inTurns } from "../machine/in-turns.js";
import { lastDocument } from "../machine/run-document.js";
import { scratch } from "../machine/scratch.js";
import { type Command, environment, environmentText, hasPeer, load, pathOf, timed } from "../measure.js";
import { COUNTERPARTS, type Counterpart } from "./counterparts.js";
import { EACH_EVENT, GUESTS, type Guest } from "./guests.js";
import type { PluginSpeed, PluginsRecord } from "./record.js";
import { inShort } from "./tables.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How to measure. */
export interface PluginsPlan {
  readonly runs: number;
  /** The Node that runs QPP. */
  readonly node: string;
  /** Plugins to which the measuring is restricted. */
  readonly only: readonly string[] | undefined;
  /** Says how far it is. */
  readonly say: (text: string) => void;
}

/** Measures every plugin of the catalog on every guest, in turns with no plugin and its counterparts. */
export function measurePlugins({ runs, node, only, say }: PluginsPlan): PluginsRecord {
  const start = load();
  const leftOut: Record<string, string> = {};
  const speeds: PluginSpeed[] = [];
  for (const { name: plugin } of catalog) {
    if (only !== undefined && !only.includes(plugin)) continue;
    const why = refusal(node, plugin);
    if (why !== undefined) {
      leftOut[plugin] = why;
      continue;
    }
    try {
      const measured = GUESTS.map((guest) => {
        const speed = measure(node, plugin, guest, runs);
        say(inShort(speed));
        return speed;
      });
      speeds.push(...measured);
    } catch (error) {
      // One that fails must not cost the figures of all others.
      leftOut[plugin] = firstLine(String(error));
      say(`${plugin} left out: ${leftOut[plugin]}`);
    }
  }
  return {
    environment: environmentText(environment(node)),
    date: new Date().toISOString().slice(0, 10),
    load: [start, load()],
    runs,
    speeds,
    leftOut,
  };
}

function measure(node: string, plugin: string, { name, args: many, few }: Guest, runs: number): PluginSpeed {
  const args = EACH_EVENT.includes(plugin) ? few : many;
  const here = (options: readonly string[]) => (): number => {
    const { seconds } = timed(qpp(node, options, name, args));
    lastDocument();
    return seconds;
  };
  const counterparts = (COUNTERPARTS[plugin] ?? []).filter(isThere);
  const times = inTurns<string>(
    runs,
    new Map([
      ["bare", here([])],
      ["plugin", here(["-p", plugin, "--out", scratch("out")])],
      ...counterparts.map((each) => {
        const command = commandOf(each, name, args);
        return [each.name, () => timed(command).seconds] as const;
      }),
    ]),
  );
  return {
    plugin,
    guest: name,
    seconds: times.get("plugin") ?? [],
    bare: times.get("bare") ?? [],
    counterparts: Object.fromEntries(counterparts.map(({ name: each }) => [each, times.get(each) ?? []])),
  };
}

function isThere({ engine }: Counterpart): boolean {
  return hasPeer("gcc") && hasPeer(engine === "qemu" ? "qemu-riscv64" : "valgrind");
}

function commandOf(
  { engine, name, options = [] }: Counterpart,
  guest: string,
  args: readonly string[],
): Command {
  if (engine === "valgrind")
    return [pathOf("valgrind"), `--tool=${name}`, ...options, buildNative(guest), ...args];
  const object = buildPeerAt(join(root, name), basename(name, ".c"));
  return qemu(["-plugin", `${object},out=${scratch("peer.out")}`], guest, args);
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

/** Why a plugin cannot be measured as it is: it wants arguments, or something that user mode lacks. */
function refusal(node: string, plugin: string): string | undefined {
  const [command, ...args] = qpp(node, ["-p", plugin, "--out", scratch("out")], "hello", []);
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8", env: {}, timeout: 60_000 });
  if (status === 0) return undefined;
  return firstLine(stderr).replace(/^qpp: /, "") || `it ends with status ${status}`;
}
