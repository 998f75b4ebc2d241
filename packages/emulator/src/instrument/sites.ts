/** Calls what has to be called when an event happens at a place in translated code. */
export type Deliver = () => void;

/** Numbers for the places in translated code that call out or write records. */
export interface Sites<T> {
  /** Number of a new site. */
  add(site: T): number;
  /** @throws Error if there is none: translated code and table have gone apart. */
  get(number: number): T;
  /** All translated code is gone. */
  clear(): void;
}

/** Makes an empty table of sites. */
export function createSites<T>(): Sites<T> {
  const sites: T[] = [];
  return {
    add: (site) => sites.push(site) - 1,
    get(number) {
      const site = sites[number];
      if (site === undefined) throw new Error(`no site ${number}`);
      return site;
    },
    clear() {
      sites.length = 0;
    },
  };
}
