import type { Budget } from "../budget.js";
import { createFileUsers, type FileUsers } from "../file-users.js";
import type { FileTime } from "../open-file.js";
import { createOverlay, type Overlay } from "./overlay.js";

/** What all files of the host that a guest has are made with. */
export interface HostSystem {
  readonly budget: Budget;
  readonly users: FileUsers;
  readonly overlay: Overlay;
}

/**
 * Makes what files of the host are made with.
 * @param now the guest's time.
 */
export function createHostSystem(budget: Budget, now: () => FileTime): HostSystem {
  const users = createFileUsers();
  return { budget, users, overlay: createOverlay(users, now) };
}
