import type { Allocation } from "./allocate.js";
import type { RegionFunc } from "./emit.js";
import type { Order } from "./order.js";

/** What the translator made of a region, stage by stage. */
export interface Translation {
  /** The region as it was discovered, and its control flow. */
  readonly order: Order;
  readonly allocation: Allocation;
  readonly func: RegionFunc;
}
