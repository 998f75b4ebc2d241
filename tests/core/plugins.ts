import { callback, contract, fn, type Plugin, plugin, type QppError } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";

export const machine = contract("machine", { callbacks: { exited: callback<[code: number]>() } });
export const qppSrv = contract("qpp_srv", {
  callbacks: { onExit: callback<[exitCode: number, clean: boolean]>() },
  functions: { doAdd: fn<(x: number) => number>(), doSub: fn<(x: number) => number>() },
});

export const server = plugin(qppSrv, {
  version: "1.2.3",
  description: "adds and subtracts",
  install: () => ({ doAdd: (x) => x + 1, doSub: (x) => x - 1 }),
});

/** A plugin that offers nothing, with what it requires by name. */
export function bare(
  name: string,
  requires: readonly string[] = [],
  extra: { optional?: readonly string[]; install?: () => void } = {},
): Plugin {
  const contracts = (prefix: string, names: readonly string[] = []) =>
    Object.fromEntries(names.map((each) => [`${prefix}${each}`, contract(each)]));
  return plugin(name, {
    requires: contracts("r_", requires),
    optional: contracts("o_", extra.optional),
    install: () => extra.install?.(),
  });
}

export async function refusals(
  plugins: readonly Plugin[],
  options: Parameters<typeof createTestContainer>[0] = {},
): Promise<Record<string, QppError>> {
  const { refused } = await createTestContainer(options).container.load(
    plugins.map((each) => ({ plugin: each })),
  );
  return Object.fromEntries(refused.map(({ plugin: name, error }) => [name, error]));
}
