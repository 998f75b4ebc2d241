import type { Cpu } from "../contract/cpu.js";
import { type Listening, PcChange, type RunningVcpu } from "./listening.js";
import type { Deliver } from "./sites.js";

// What is called from translated code. What it throws unwinds that code: nothing is caught for each event. Each of these is one
// function, and not made of others, as it is called for every single event.

/** Tells a listener what there is to tell at this place, always the same object. */
export function deliverTo<Told>(
  running: RunningVcpu,
  listening: Listening,
  listener: (cpu: Cpu, told: Told) => unknown,
  told: Told,
): Deliver {
  return () => {
    if (!listening.live) return;
    running.current = listening;
    const result = listener(running.cpu, told);
    running.current = undefined;
    if (typeof result === "object" && result !== null) listening.consumer.watch(result, listening.where);
  };
}

/** The same for a listener that may set the pc. */
export function deliverToPcSetter<Told>(
  running: RunningVcpu,
  listening: Listening,
  listener: (cpu: Cpu, told: Told) => unknown,
  told: Told,
): Deliver {
  return () => {
    if (!listening.live) return;
    running.current = listening;
    running.newPc = undefined;
    const result = listener(running.cpu, told);
    running.current = undefined;
    if (typeof result === "object" && result !== null) listening.consumer.watch(result, listening.where);
    // Whoever catches everything has caught the change of pc as well: it happens all the same.
    if (running.newPc !== undefined) throw new PcChange(running.newPc);
  };
}
