import { describe, expect } from "vitest";
import { entries, isQuiet, property, runsOf, shapeOf, sizeOf, TOLD, traceOf } from "./scenario.js";

describe("a fault", () => {
  property("is told with plugin, callback and cause", (moments, setup) => {
    for (const { plugin, callback, cause } of entries(traceOf(moments), "fault")) {
      expect(["boom", "QPP_CAPACITY"]).toContain(cause);
      const owner = callback?.replace(/\.on$/, "") ?? "";
      const shape = shapeOf(setup, plugin);
      expect([plugin, ...(shape?.requires ?? []), ...(shape?.optional ?? [])]).toContain(owner);
    }
  });

  property(
    "takes its plugin out at once, by the default policy",
    (moments) => {
      const trace = traceOf(moments);
      const present = new Set<string>();
      for (const [i, entry] of trace.entries()) {
        if (entry.kind === "install") present.add(entry.plugin);
        if (entry.kind === "dispose") present.delete(entry.plugin);
        if (entry.kind !== "fault" || !present.has(entry.plugin)) continue;
        const next = trace.slice(i + 1).find(({ kind, ...rest }) => {
          return (
            kind !== "complete" && !(kind === "dispose" && "plugin" in rest && rest.plugin !== entry.plugin)
          );
        });
        expect(next).toEqual({ kind: "dispose", plugin: entry.plugin });
      }
    },
    { policies: ["uninstall"] },
  );

  property(
    "takes nobody out when it is only to be told, or the run is to end",
    (moments) => {
      for (const { trace } of moments) {
        for (const [i, entry] of trace.entries()) {
          const next = trace[i + 1];
          if (entry.kind === "fault" && next?.kind === "dispose") expect(next.plugin).toBe("nobody");
        }
      }
    },
    { policies: ["report", "abort"] },
  );

  property(
    "ends the run once for each fault, if that is the policy",
    (moments) => {
      const trace = traceOf(moments);
      const aborted = trace.flatMap((entry, i) =>
        entry.kind === "abort" ? [[entry.plugin, trace[i - 1]]] : [],
      );
      expect(aborted).toHaveLength(entries(trace, "fault").length);
      for (const [plugin, before] of aborted) expect(before).toMatchObject({ kind: "fault", plugin });
    },
    { policies: ["abort"] },
  );

  property(
    "disturbs no other listener: those behind the one at fault are called all the same",
    (moments) => {
      for (const [i, { trace }] of moments.entries()) {
        if (!isQuiet(moments, i)) continue;
        for (const { on, calls, within } of runsOf(trace)) {
          if (within.some(({ kind }) => kind === "fault")) expect(calls).toHaveLength(sizeOf(moments[i], on));
        }
      }
    },
    TOLD,
  );
});
