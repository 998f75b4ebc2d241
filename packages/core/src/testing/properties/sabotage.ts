import { map, type Subscription, throwError } from "rxjs";
import type { Callback } from "../../callback/callback.js";
import type { LoadRequest } from "../../container/candidates.js";
import { type Plugin, plugin } from "../../plugin.js";

/** A plugin, and a way to make it be at fault. */
export interface Sabotaged {
  readonly request: LoadRequest;
  /** A fault of the plugin's, as by an error in one of its streams. */
  trip(): void;
}

interface Adopting {
  adopt(stream: unknown): { subscribe(): Subscription };
}

/** The same plugin; when told, an error comes up in a stream of its own. */
export function sabotaged({ plugin: of, ...request }: LoadRequest): Sabotaged {
  let trip: (() => void) | undefined;
  const install = (context: Adopting): unknown => {
    trip = () => {
      context.adopt(throwError(() => new Error("sabotage"))).subscribe();
    };
    return of.install(context as never);
  };
  return { request: { ...request, plugin: { ...of, install } }, trip: () => trip?.() };
}

/** How a saboteur listens, and so how it fails. */
export type SaboteurLane = "direct" | "rx" | "operator" | "promise";

/** A plugin that listens to every callback of the others, and fails the n-th time it is called. */
export function createSaboteur(plugins: readonly Plugin[], lane: SaboteurLane, n: number): Plugin {
  const offered = plugins.filter(({ contract }) => Object.keys(contract.callbacks).length > 0);
  const requires = Object.fromEntries(offered.map(({ name, contract }) => [`of ${name}`, contract]));
  let calls = 0;
  const work = (): void => {
    if (++calls === n) throw new Error("sabotage");
  };
  const listen = (on: Callback<readonly unknown[], unknown>): Subscription => {
    if (lane === "direct") return on.register(work);
    if (lane === "promise") return on.register(async () => work());
    if (lane === "rx") return on.subscribe(work);
    return on.pipe(map(work)).subscribe();
  };
  return plugin("saboteur", {
    requires,
    install(context) {
      for (const { name, contract } of offered) {
        const imports = (context as unknown as Record<string, Record<string, unknown>>)[`of ${name}`];
        for (const [entry, spec] of Object.entries(contract.callbacks)) {
          // A result would have a say in what the owner does.
          if (spec.combine === undefined) listen(imports?.[entry] as Callback<readonly unknown[], unknown>);
        }
      }
    },
  });
}
