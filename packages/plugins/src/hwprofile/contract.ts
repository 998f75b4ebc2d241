import { contract } from "@qpp/core";

/** What `hwprofile` offers to others: nothing, for it cannot be installed where there are no devices. */
export const hwprofile = contract("hwprofile", {});
