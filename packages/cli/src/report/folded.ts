import type { Profile } from "./data.js";

/** Reads folded stacks: on each line `outer;inner COUNT`, as flamegraph.pl takes them. @throws Error naming a line that is none */
export function readFolded(text: string): Profile {
  const ids = new Map<string, number>();
  const idOf = (frame: string): number => {
    const id = ids.get(frame) ?? ids.size;
    ids.set(frame, id);
    return id;
  };
  const stacks = text.split("\n").flatMap((line, i) => {
    if (line === "") return [];
    const [, path, count] = /^(.+) (\d+)$/.exec(line) ?? [];
    if (path === undefined) throw new Error(`line ${i + 1} is no call path with a count`);
    return [[path.split(";").map(idOf), Number(count)] as const];
  });
  return { frames: [...ids.keys()], stacks };
}
