import * as v from "valibot";
import { type Argument, flag, oneOf, takes, wholeNumber } from "../arguments.js";
import { type Geometry, geometryProblem } from "./geometry.js";

/** Far more than any cache has, and few enough for its tables to fit into memory. */
const MOST_BYTES = 1 << 30;
const MOST_WAYS = 1 << 16;
const MOST = 1_000_000_000;

/** QEMU's second level, of which what is not given is taken. */
const L2: Geometry = { bytes: 2_097_152, ways: 16, blockBytes: 64 };

const bytes = (about: string, initial: number): Argument<number> =>
  wholeNumber(about, { least: 1, most: MOST_BYTES, initial });
const ways = (about: string, initial: number): Argument<number> =>
  wholeNumber(about, { least: 1, most: MOST_WAYS, initial });

const entries = {
  dcachesize: bytes("Bytes of a first-level cache for data", 16_384),
  dassoc: ways("Blocks of a set of it", 8),
  dblksize: bytes("Bytes of a block of it, a power of two", 64),
  icachesize: bytes("Bytes of a first-level cache for instructions", 16_384),
  iassoc: ways("Blocks of a set of it", 8),
  iblksize: bytes("Bytes of a block of it, a power of two", 64),
  l2: flag("Simulate a second level for data and instructions, too"),
  l2cachesize: v.optional(bytes("Bytes of it; implies l2=on", L2.bytes)),
  l2assoc: v.optional(ways("Blocks of a set of it; implies l2=on", L2.ways)),
  l2blksize: v.optional(bytes("Bytes of a block of it, a power of two; implies l2=on", L2.blockBytes)),
  evict: oneOf(
    "Which block goes: the one not used for the longest time, the first that came, or any",
    ["lru", "fifo", "rand"],
    "lru",
  ),
  cores: wholeNumber("Cores with caches of their own, over which vCPUs are spread", {
    least: 1,
    most: 1024,
    initial: 1,
  }),
  limit: wholeNumber("How many instructions to list for each kind of miss", {
    least: 0,
    most: MOST,
    initial: 32,
  }),
};

const schema = takes(entries);
type Given = v.InferOutput<typeof schema>;

/** The caches that the arguments ask for; no second level is undefined. */
export function geometries(given: Given): { data: Geometry; fetch: Geometry; l2: Geometry | undefined } {
  const { l2, l2cachesize, l2assoc, l2blksize } = given;
  const second = l2 || l2cachesize !== undefined || l2assoc !== undefined || l2blksize !== undefined;
  return {
    data: { bytes: given.dcachesize, ways: given.dassoc, blockBytes: given.dblksize },
    fetch: { bytes: given.icachesize, ways: given.iassoc, blockBytes: given.iblksize },
    l2: second
      ? {
          bytes: l2cachesize ?? L2.bytes,
          ways: l2assoc ?? L2.ways,
          blockBytes: l2blksize ?? L2.blockBytes,
        }
      : undefined,
  };
}

function problemOf(given: Given): string | undefined {
  const { data, fetch, l2 } = geometries(given);
  const named = { "the data cache": data, "the instruction cache": fetch, "the second level": l2 };
  for (const [name, geometry] of Object.entries(named)) {
    const problem = geometry && geometryProblem(geometry);
    if (problem !== undefined) return `${name} cannot be: ${problem}`;
  }
  return undefined;
}

/** The plugin's arguments: QEMU's. */
export const cacheArguments: v.GenericSchema<v.InferInput<typeof schema>, Given> = v.pipe(
  schema,
  v.check(
    (given) => problemOf(given) === undefined,
    ({ input }) => problemOf(input) ?? "",
  ),
);
