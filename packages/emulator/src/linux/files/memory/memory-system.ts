import { FIRST_PROCESS } from "../../identity.js";
import type { Budget } from "../budget.js";
import type { FileTime } from "../open-file.js";
import type { MemorySystem } from "./memory-base.js";

/** Device number: major number 4095, which no host uses, so that no file of the host seems to be the same as one of ours. */
const MEMORY_DEVICE = 0xf_ff28;

let lastSystem = 0;

/**
 * Makes what the files in memory of one guest have in common.
 * @param now the guest's time.
 */
export function createMemorySystem(budget: Budget, now: () => FileTime): MemorySystem {
  lastSystem += 1;
  let lastInode = 1n;
  return {
    budget,
    id: lastSystem,
    device: MEMORY_DEVICE,
    uid: FIRST_PROCESS.uid,
    gid: FIRST_PROCESS.gid,
    now,
    newInode() {
      lastInode += 1n;
      return lastInode;
    },
  };
}
