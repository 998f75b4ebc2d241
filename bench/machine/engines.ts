import { dirname, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, hasPeer, pathOf } from "../measure.js";
import { buildNative } from "./build.js";
import { withDocument } from "./run-document.js";

/** What runs programs, in the order of the columns. */
export type EngineName = "qpp" | "interpreter" | "qemu" | "native";

/** One of them. */
export interface Engine {
  readonly name: EngineName;
  /** The command that runs a guest. */
  command(program: string, args: readonly string[]): Command;
}

/** What can be chosen. */
export interface EngineOptions {
  /** The Node that runs QPP. */
  readonly node: string;
  /** Whether QPP without translation is measured, too. */
  readonly interpreter: boolean;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** The command, as it is installed. */
export const QPP: string = here("../../packages/cli/bin/qpp.js");

/** Path of a guest. */
export const guest = (name: string): string => here(`../../guests/bin/${name}`);

/** The command that runs a guest in QPP, and leaves a document. Folders of files among its arguments are opened to it. */
export function qpp(
  node: string,
  options: readonly string[],
  program: string,
  args: readonly string[],
): Command {
  const read = args.filter(isAbsolute).flatMap((file) => ["--allow-read", dirname(file)]);
  return [node, QPP, "run", "--quiet", ...withDocument(), ...read, ...options, guest(program), ...args];
}

/** The command that runs a guest in QEMU. */
export function qemu(options: readonly string[], program: string, args: readonly string[]): Command {
  return [pathOf("qemu-riscv64"), ...options, guest(program), ...args];
}

/** Whether there is a `qemu-riscv64`. */
export const hasQemu = (): boolean => hasPeer("qemu-riscv64");

/** The engines that there are here. */
export function engines({ node, interpreter }: EngineOptions): readonly Engine[] {
  const built = new Map<string, string>();
  const native = (program: string): string => {
    const path = built.get(program) ?? buildNative(program);
    built.set(program, path);
    return path;
  };
  const all: readonly (Engine & { readonly here: boolean })[] = [
    { name: "qpp", here: true, command: (program, args) => qpp(node, [], program, args) },
    {
      name: "interpreter",
      here: interpreter,
      command: (program, args) => qpp(node, ["--no-translate"], program, args),
    },
    { name: "qemu", here: hasQemu(), command: (program, args) => qemu([], program, args) },
    { name: "native", here: hasPeer("gcc"), command: (program, args) => [native(program), ...args] },
  ];
  return all.filter((engine) => engine.here);
}
