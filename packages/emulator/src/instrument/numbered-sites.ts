import { GatheredColumn } from "./gathered-column.js";

/** The sites of a batch's events, of which records hold the numbers; and columns that are gathered from what is known of them. */
export class NumberedSites<Site> {
  readonly #numbers: Uint32Array;
  readonly #sites: Site[] = [];
  readonly #columns: readonly { readonly of: (site: Site) => number; readonly gathered: GatheredColumn }[];

  /** `numbers`: the column with the numbers; `known`: what each gathered column says of a site. */
  constructor(numbers: Uint32Array, known: readonly ((site: Site) => number)[]) {
    this.#numbers = numbers;
    this.#columns = known.map((of) => ({ of, gathered: new GatheredColumn(numbers) }));
  }

  /** The site of the i-th event. */
  of(i: number): Site {
    return this.#sites[this.#numbers[i] ?? -1] as Site;
  }

  /** Number of a new site. */
  add(site: Site): number {
    const number = this.#sites.push(site) - 1;
    for (const { of, gathered } of this.#columns) gathered.set(number, of(site));
    return number;
  }

  clear(): void {
    this.#sites.length = 0;
  }

  /** There are other events. */
  renew(): void {
    for (const { gathered } of this.#columns) gathered.renew();
  }

  /** A gathered column, by its place among those told of. */
  column(at: number, length: number): Uint32Array {
    return this.#columns[at]?.gathered.get(length) ?? new Uint32Array(0);
  }
}
