import { parseArgs } from "node:util";
import { catalog } from "@qpp/plugins/catalog";
import { PROGRAMS } from "./machine/programs.js";
import type { SectionName } from "./machine/results.js";
import { SECTIONS } from "./machine/sections.js";
import { pathOf } from "./measure.js";

/** What can be asked for. */
const COMMANDS = ["fabric", "machine", "plugins", "readme"] as const;

/** What was asked for. */
export interface Arguments {
  readonly commands: readonly (typeof COMMANDS)[number][];
  /** How often each figure is taken; each suite has a number of its own. */
  readonly runs: number | undefined;
  /** The Node that runs QPP. */
  readonly node: string;
  /** Whether the machine is measured without translation, too. */
  readonly interpreter: boolean;
  readonly sections: readonly SectionName[];
  /** Programs of the machine's, or plugins, to which the measuring is restricted. */
  readonly only: readonly string[] | undefined;
  /** File of the machine's figures, other than that of the benchmark's own. */
  readonly json: string | undefined;
}

/** The arguments cannot be understood. */
export class ArgumentsError extends Error {}

function among<T extends string>(what: string, known: readonly T[], text: string): readonly T[] {
  return text.split(",").map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined)
      throw new ArgumentsError(`there is no ${what} "${name}"; there are ${known.join(", ")}`);
    return found;
  });
}

function names(all: readonly { readonly name: string }[]): readonly string[] {
  return all.map(({ name }) => name);
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        only: { type: "string" },
        sections: { type: "string" },
        node: { type: "string" },
        interpreter: { type: "boolean", default: false },
        json: { type: "string" },
      },
    });
  } catch (error) {
    throw new ArgumentsError(error instanceof Error ? error.message : String(error));
  }
}

/** Reads the arguments of `npm run bench`. @throws ArgumentsError */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parsed(argv);
  const words = [...positionals];
  const command = COMMANDS.find((each) => each === words[0]);
  if (command) words.shift();
  const runs = words.length > 0 ? Number(words.shift()) : undefined;
  if (words.length > 0 || (runs !== undefined && !(Number.isInteger(runs) && runs >= 1))) {
    throw new ArgumentsError(
      `cannot read "${positionals.join(" ")}": give fabric, machine, plugins or readme or none of them, then a whole number of runs of 1 or more`,
    );
  }
  const only =
    values.only === undefined
      ? undefined
      : command === "plugins"
        ? among("plugin", names(catalog), values.only)
        : among("program", names(PROGRAMS), values.only);
  const sections: readonly SectionName[] = only ? ["startUp", "speed"] : SECTIONS;
  return {
    commands: command ? [command] : ["fabric", "machine"],
    runs,
    node: values.node === undefined ? process.execPath : pathOf(values.node),
    interpreter: values.interpreter,
    sections: values.sections === undefined ? sections : among("section", SECTIONS, values.sections),
    only,
    json: values.json,
  };
}
