import type { Origin } from "../../../../packages/emulator/src/linux/files/anonymous-file.js";
import { createIpc } from "../../../../packages/emulator/src/linux/ipc.js";

/** A maker of files, in a kernel of its own. */
export function createOrigin(): Origin {
  return { ipc: createIpc(true), uid: 1000, gid: 1000, born: { seconds: 0, nanoseconds: 0 } };
}
