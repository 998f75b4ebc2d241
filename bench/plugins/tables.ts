import { round } from "../measure.js";
import { geometricMean, median } from "../statistics.js";
import type { Table } from "../table.js";
import { COUNTERPARTS } from "./counterparts.js";
import type { PluginSpeed, PluginsRecord } from "./record.js";

const MISSING = "-";

/** Both tables: what each plugin costs, and how fast it is beside what does the same. */
export function pluginTables(record: PluginsRecord): readonly Table[] {
  return [overheadTable(record), counterpartTable(record)];
}

/** By plugin and guest: how many times as long the run takes as without the plugin. */
function overheadTable({ speeds, leftOut }: PluginsRecord): Table {
  const guests = namesOf(speeds.map(({ guest }) => guest));
  const rows = namesOf(speeds.map(({ plugin }) => plugin)).map((plugin) => {
    const ratios = guests.map((guest) => {
      const speed = speeds.find((each) => each.plugin === plugin && each.guest === guest);
      return speed && median(speed.seconds) / median(speed.bare);
    });
    return [`\`${plugin}\``, ...ratios.map(times), times(meanOf(ratios))];
  });
  const notes = Object.entries(leftOut).map(([plugin, why]) => `Left out: \`${plugin}\`: ${why}`);
  return { head: ["time with the plugin / without", ...guests, "mean"], rows, notes };
}

/** By plugin, counterpart and guest: how many times as long the counterpart takes as QPP with the plugin, start-up included. */
function counterpartTable({ speeds }: PluginsRecord): Table {
  const guests = namesOf(speeds.map(({ guest }) => guest));
  const rows = namesOf(speeds.map(({ plugin }) => plugin)).flatMap((plugin) =>
    (COUNTERPARTS[plugin] ?? []).map(({ name, wanted }) => {
      const ratios = guests.map((guest) => {
        const speed = speeds.find((each) => each.plugin === plugin && each.guest === guest);
        const theirs = speed?.counterparts[name];
        return speed && theirs && median(theirs) / median(speed.seconds);
      });
      const mean = meanOf(ratios);
      const met = mean === undefined ? MISSING : mean >= wanted ? "met" : "not met";
      return [`\`${plugin}\``, name, ...ratios.map(times), times(mean), String(wanted), met];
    }),
  );
  return { head: ["plugin", "counterpart", ...guests, "mean", "wanted", ""], rows };
}

function namesOf(all: readonly string[]): readonly string[] {
  return [...new Set(all)];
}

/** Of those that there are. */
function meanOf(ratios: readonly (number | undefined)[]): number | undefined {
  const there = ratios.filter((ratio) => ratio !== undefined);
  return there.length === 0 ? undefined : geometricMean(there);
}

const times = (ratio: number | undefined): string => (ratio === undefined ? MISSING : round(ratio));

/** The sums of one plugin's figures that the tables are made of; for a progress line. */
export function inShort({ plugin, guest, seconds, bare }: PluginSpeed): string {
  return `${plugin}, ${guest}: ${round(median(seconds))} s, ${round(median(bare))} s without`;
}
