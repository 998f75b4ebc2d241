import { SystemModeOnlyError } from "../contract/errors.js";
import type { AccessSite } from "../contract/instruction.js";
import { AccessInfo, type MemoryAccess } from "../contract/memory.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { TRACE_ADDRESS, TRACE_LOADED_VALUE, TRACE_STORED_VALUE } from "../memory/layout.js";

abstract class SiteAccess implements MemoryAccess {
  site: AccessSite;
  abstract readonly address: number;
  abstract readonly valueLow: number;
  abstract readonly valueHigh: number;

  constructor(site: AccessSite) {
    this.site = site;
  }

  get value(): bigint {
    return (BigInt(this.valueHigh) << 32n) | BigInt(this.valueLow);
  }

  get isStore(): boolean {
    return this.site.isStore;
  }

  get bytes(): 1 | 2 | 4 | 8 {
    return this.site.bytes;
  }

  hardwareAddress(): never {
    throw new SystemModeOnlyError("the host address of an access");
  }
}

/** An access that may be kept. */
export class Access extends SiteAccess {
  address = 0;
  valueLow = 0;
  valueHigh = 0;
}

/** The access that has just been made at a site, whenever it is looked at. */
export class PresentAccess extends SiteAccess {
  readonly #u32: Uint32Array;
  /** Where its value is. */
  readonly #low: number;

  constructor({ u32 }: GuestMemory, site: AccessSite) {
    super(site);
    this.#u32 = u32;
    this.#low = (site.isStore ? TRACE_STORED_VALUE : TRACE_LOADED_VALUE) >>> 2;
  }

  get address(): number {
    return this.#u32[TRACE_ADDRESS >>> 2] ?? 0;
  }

  get valueLow(): number {
    return this.#u32[this.#low] ?? 0;
  }

  get valueHigh(): number {
    return this.#u32[this.#low + 1] ?? 0;
  }

  copy(): Access {
    const { address, valueLow, valueHigh } = this;
    return Object.assign(new Access(this.site), { address, valueLow, valueHigh });
  }
}

/** What a batch's info column says of a site; see {@link AccessInfo}. */
export function accessInfo(site: AccessSite): number {
  return (
    Math.log2(site.bytes) |
    (site.isSigned ? AccessInfo.SIGNED : 0) |
    (site.isStore ? AccessInfo.STORE : 0) |
    (site.isAtomic ? AccessInfo.ATOMIC : 0)
  );
}
