import { createFileUsers, type FileUsers } from "../file-users.js";
import type { MemorySystem } from "../memory/memory-base.js";
import { createHostFifos, type HostFifos } from "./host-fifos.js";
import { createOverlay, type Overlay } from "./overlay.js";

/** What all files of the host that a guest has are made with. */
export interface HostSystem {
  readonly budget: MemorySystem["budget"];
  readonly users: FileUsers;
  readonly overlay: Overlay;
  readonly fifos: HostFifos;
}

/**
 * Makes what files of the host are made with.
 * @param memory where what the guest makes is kept that the host cannot have; its budget and clock are those of the host's files.
 */
export function createHostSystem(memory: MemorySystem): HostSystem {
  const users = createFileUsers();
  return {
    budget: memory.budget,
    users,
    overlay: createOverlay(users, memory.now),
    fifos: createHostFifos(memory),
  };
}
