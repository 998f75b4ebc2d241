import { SystemModeOnlyError } from "../contract/errors.js";
import type { AccessSite } from "../contract/instruction.js";
import { AccessInfo, type MemoryAccess } from "../contract/memory.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { TRACE_ADDRESS, TRACE_LOADED_VALUE, TRACE_STORED_VALUE } from "../memory/layout.js";

/** An access with the values that it had when {@link read} was called. */
export class Access implements MemoryAccess {
  site: AccessSite;
  address = 0;
  valueLow = 0;
  valueHigh = 0;

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

  /** Takes over the access that has just been made at `site`. */
  read({ u32 }: GuestMemory, site: AccessSite): this {
    const value = (site.isStore ? TRACE_STORED_VALUE : TRACE_LOADED_VALUE) >>> 2;
    this.site = site;
    this.address = u32[TRACE_ADDRESS >>> 2] ?? 0;
    this.valueLow = u32[value] ?? 0;
    this.valueHigh = u32[value + 1] ?? 0;
    return this;
  }

  hardwareAddress(): never {
    throw new SystemModeOnlyError("the host address of an access");
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
