import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createContainer, type Fault, plugin } from "@qpp/core";
import { createMachine, type GuestExit, type Stdio } from "@qpp/emulator";
import { machine } from "@qpp/emulator/contract";
import symbolsPlugin from "@qpp/plugins/symbols";
import { symbols } from "@qpp/plugins/symbols/contract";
import { crossFiles } from "../../emulator/machine/cross.js";

/** What a test sees of a machine with `symbols` on it. */
export type Imports = Readonly<ReturnType<typeof importsOf>>;
const importsOf = (container: ReturnType<typeof createContainer>) => ({
  machine: container.use(machine),
  symbols: container.use(symbols),
});

/** Loads a program with `symbols`, and has `watch` do what a plugin would; gives what the guest printed, when it has run. */
export async function run(
  path: string,
  args: readonly string[],
  watch: (imports: Imports) => void,
): Promise<{ exit: GuestExit; output: string; faults: readonly Fault[]; imports: Imports; result: unknown }> {
  const written: Uint8Array[] = [];
  const faults: Fault[] = [];
  const stream: Stdio = { read: () => 0, write: (bytes) => written.push(bytes.slice()) };
  const files = crossFiles(path);
  const real = createMachine({
    path,
    image: readFileSync(path),
    args,
    env: {},
    seed: 1,
    files: { ...files, allowRead: [...files.allowRead, ...args.map((arg) => dirname(arg))] },
    stdio: [stream, stream, stream],
    report: () => {},
  });
  const watcher = plugin("watcher", {
    requires: { machine, symbols },
    install: (imports) => watch(imports as unknown as Imports),
  });
  const container = createContainer({ host: { log() {}, fault: (fault) => faults.push(fault) } });
  const { refused } = await container.load(
    [real.plugin, symbolsPlugin, watcher].map((each) => ({ plugin: each })),
  );
  if (refused[0]) throw refused[0].error;
  const exit = real.run();
  const imports = importsOf(container);
  return {
    exit,
    output: Buffer.concat(written).toString(),
    faults,
    imports,
    result: container.results().get("symbols")?.result,
  };
}
