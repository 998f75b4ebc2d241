import { printFunction, printModule } from "../../wasm/print.js";
import { moduleOf } from "../link.js";
import type { Translation } from "../translation.js";
import { allocatedText } from "./allocated.js";
import { discoveredText } from "./discovered.js";
import { orderedText } from "./ordered.js";
import type { SymbolAt } from "./places.js";

/** A stage of the translator, by what it is called in its sources. */
export type Stage = "discover" | "order" | "allocate" | "emit";
export type { SymbolAt, Translation };

const TEXTS: Readonly<Record<Stage, (translation: Translation, symbolAt: SymbolAt) => string>> = {
  discover: discoveredText,
  order: orderedText,
  allocate: allocatedText,
  emit: ({ func }) => printFunction(func),
};

/**
 * What a stage made of a region, as text for people.
 *
 * ```ts
 * const machine = createMachine({ ..., observe: (translation) => seen.push(translation) });
 * machine.run();
 * for (const each of seen) console.log(translationText("discover", each, () => undefined));
 * ```
 */
export function translationText(stage: Stage, translation: Translation, symbolAt: SymbolAt): string {
  return TEXTS[stage](translation, symbolAt);
}

/** A module with these regions, in WebAssembly's text format; an assembler takes it if tail calls are switched on. */
export function moduleText(translations: readonly Translation[]): string {
  return printModule(moduleOf(translations.map(({ func }) => func)));
}
