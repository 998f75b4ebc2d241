import type { EngineOptions } from "./engines.js";
import type { Program } from "./programs.js";

/** What is to be measured. */
export interface Plan extends EngineOptions {
  readonly runs: number;
  /** The programs that were asked for. */
  readonly programs: readonly Program[];
  /** Says what is being measured now. */
  readonly say: (text: string) => void;
}
