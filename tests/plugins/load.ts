import { createContainer, type FileChunk, type Plugin, type RawArguments } from "@qpp/core";
import { createFakeMachine, type FakeMachine } from "@qpp/emulator/testing";
import { findInCatalog } from "@qpp/plugins/catalog";

/** A fake machine with plugins on it. */
export interface Loaded {
  readonly fake: FakeMachine;
  /** Lines that plugins said, in order. */
  readonly lines: readonly string[];
  /** Messages of the plugins that were refused. */
  readonly refused: readonly string[];
  readonly faults: readonly string[];
  /** Ends the run for the plugins' files, and gives them by name. */
  files(): ReadonlyMap<string, Buffer>;
  result(plugin: string): unknown;
  summary(plugin: string): string | undefined;
}

/** Loads plugins of the catalog by name, and others as they are, on a fake machine. */
export async function load(
  wanted: Readonly<Record<string, RawArguments>>,
  others: readonly Plugin[] = [],
): Promise<Loaded> {
  const fake = createFakeMachine();
  const lines: string[] = [];
  const faults: string[] = [];
  const written = new Map<string, FileChunk[]>();
  const container = createContainer({
    host: {
      openFile: (_plugin, name) => {
        const chunks: FileChunk[] = [];
        written.set(typeof name === "string" ? name : name.path, chunks);
        return {
          write: (chunk) => void chunks.push(typeof chunk === "string" ? chunk : chunk.slice()),
          close() {},
        };
      },
      log: (_plugin, ...values) => void lines.push(values.join(" ")),
      fault: ({ message }) => void faults.push(message),
    },
    resolve: (name) => findInCatalog(name)?.load(),
  });
  const named = Object.entries(wanted).map(async ([name, args]) => {
    const plugin = await findInCatalog(name)?.load();
    if (plugin === undefined) throw new Error(`the catalog has no ${name}`);
    return { plugin, args };
  });
  const requests = [
    { plugin: fake.plugin },
    ...(await Promise.all(named)),
    ...others.map((plugin) => ({ plugin })),
  ];
  const { refused } = await container.load(requests);
  return {
    fake,
    lines,
    faults,
    files() {
      container.finishFiles();
      return new Map(
        [...written].map(([name, chunks]) => [
          name,
          Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
        ]),
      );
    },
    refused: refused.map(({ error }) => error.message),
    result: (plugin) => container.results().get(plugin)?.result,
    summary: (plugin) => container.summaries().get(plugin),
  };
}
