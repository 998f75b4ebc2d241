import { OPTIONAL_EXTENSIONS, type OptionalExtension } from "@qpp/emulator";
import { Failure } from "./failure.js";
import { SWITCHES } from "./switches.js";

const MODEL = "rv64gc";

/**
 * Reads what was given for `--cpu`, `rv64gc[,EXTENSION[=SWITCH]...]`, in the manner of QEMU's `-cpu rv64,zba=true`. An extension
 * alone is on; of what is told twice, the last counts. QEMU's `rv64` has more than RV64GC by itself, so the name is another.
 *
 * @throws Failure for another processor, an unknown extension, or a switch that is none.
 */
export function parseCpu(text: string): readonly OptionalExtension[] {
  const [model, ...given] = text.toLowerCase().split(",");
  if (model !== MODEL)
    throw new Failure(`--cpu ${text}: there is no processor "${model}"; write ${MODEL}[,EXTENSION...]`);
  const extensions = new Set<OptionalExtension>();
  for (const each of given) {
    const [name, value = "on", ...rest] = each.split("=");
    const extension = OPTIONAL_EXTENSIONS.find((known) => known.toLowerCase() === name);
    if (extension === undefined) {
      const known = OPTIONAL_EXTENSIONS.join(", ").toLowerCase();
      throw new Failure(`--cpu ${text}: there is no extension "${name}"; there are ${known}`);
    }
    const on = rest.length === 0 ? SWITCHES.get(value) : undefined;
    if (on === undefined)
      throw new Failure(`--cpu ${text}: "${each}" is no switch; write ${name}, ${name}=on or ${name}=off`);
    if (on) extensions.add(extension);
    else extensions.delete(extension);
  }
  return [...extensions];
}
