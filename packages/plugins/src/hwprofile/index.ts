import { plugin } from "@qpp/core";
import { machine, SystemModeOnlyError } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, list, oneOf, takes } from "../arguments.js";
import { hwprofile } from "./contract.js";

/** Says that there are no devices: QEMU's `hwprofile` plugin, which QEMU refuses in user mode as well. */
export default plugin(hwprofile, {
  description: "Accesses to devices, by device: refused, because a user-mode program has none",
  requires: { machine },
  args: v.pipe(
    takes({
      track: oneOf("Which accesses: loads (read), stores (write) or both", ["read", "write", "both"], "both"),
      source: flag("By the address of the instruction"),
      pattern: flag("By the offset in the device"),
      match: list("Only devices of this name; may be given more than once"),
    }),
    v.check(({ source, pattern }) => !(source && pattern), "give source=on or pattern=on, not both"),
  ),
  install() {
    throw new SystemModeOnlyError("what hwprofile counts, accesses to devices,");
  },
});
