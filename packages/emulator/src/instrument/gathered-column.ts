/**
 * A column of a batch that says something of each event's site: worked out when somebody asks for it, at most once for a
 * batch.
 */
export class GatheredColumn {
  /** What is said of each site, by its number. */
  #ofSite = new Uint32Array(64);
  #column: Uint32Array | undefined;
  #done = false;
  readonly #numbers: Uint32Array;

  /** `numbers`: the column with the numbers of sites. */
  constructor(numbers: Uint32Array) {
    this.#numbers = numbers;
  }

  /** Says something of a site. */
  set(site: number, value: number): void {
    if (site >= this.#ofSite.length) {
      const longer = new Uint32Array(Math.max(2 * this.#ofSite.length, site + 1));
      longer.set(this.#ofSite);
      this.#ofSite = longer;
    }
    this.#ofSite[site] = value;
  }

  /** There are other events. */
  renew(): void {
    this.#done = false;
  }

  /** The column, as long as that of the numbers; its first `length` elements count. */
  get(length: number): Uint32Array {
    this.#column ??= new Uint32Array(this.#numbers.length);
    if (!this.#done) gather(this.#numbers, this.#ofSite, this.#column, length);
    this.#done = true;
    return this.#column;
  }
}

function gather(numbers: Uint32Array, ofSite: Uint32Array, column: Uint32Array, length: number): void {
  for (let i = 0; i < length; i++) column[i] = ofSite[numbers[i] ?? 0] ?? 0;
}
