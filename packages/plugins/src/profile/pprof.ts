import { gzipSync } from "node:zlib";
import { type FunctionInput, type LocationInput, Profile, type SampleInput, StringTable } from "pprof-format";
import type { ProfiledPath } from "./contract.js";

/** A profile for pprof (`profile.proto` of github.com/google/pprof), compressed as that wants it: a sample for each call path. */
export function pprof(paths: readonly ProfiledPath[]): Uint8Array {
  const strings = new StringTable();
  const functions = new Map<string, FunctionInput>();
  const locations: LocationInput[] = [];
  /** A location for each function; both have its number, from 1. */
  const locationOf = (name: string): number => {
    const known = functions.get(name);
    if (known !== undefined) return Number(known.id);
    const id = functions.size + 1;
    functions.set(name, { id, name: strings.dedup(name), systemName: strings.dedup(name) });
    locations.push({ id, line: [{ functionId: id }] });
    return id;
  };
  const samples: SampleInput[] = paths.map(({ path, insns }) => ({
    locationId: path.map(locationOf).reverse(),
    value: [insns],
  }));
  const instructions = { type: strings.dedup("instructions"), unit: strings.dedup("count") };
  const profile = new Profile({
    sampleType: [instructions],
    sample: samples,
    location: locations,
    function: [...functions.values()],
    stringTable: strings,
    periodType: instructions,
    period: 1,
  });
  return gzipSync(profile.encode());
}
