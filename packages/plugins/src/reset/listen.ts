import type { Imports } from "@qpp/core";
import type { Block, machine } from "@qpp/emulator/contract";
import { Subscription } from "rxjs";
import type { Checks } from "../checks.js";

/**
 * Listens to translations and executions until the first execution: then takes both listeners back, which must not be
 * called any more, and calls `executed`.
 */
export function listen(source: Imports<typeof machine>, checks: Checks, executed: () => void): void {
  const translated = new WeakSet<Block>();
  const listening = new Subscription();
  listening.add(
    source.blocks.translated.register((block) => {
      checks.expect("told of a translation after the listener was taken back", listening.closed, false);
      translated.add(block);
    }),
  );
  listening.add(
    source.blocks.executed.register(
      (_cpu, block) => {
        checks.expect("told of an execution after the listener was taken back", listening.closed, false);
        checks.expect("told of a block's translation before its execution", translated.has(block), true);
        listening.unsubscribe();
        executed();
      },
      { registers: "none" },
    ),
  );
}
