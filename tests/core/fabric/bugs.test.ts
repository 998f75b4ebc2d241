import { type Container, createContainer } from "@qpp/core";
import {
  type ContainerFactory,
  createCheckedFabric,
  FabricMismatchError,
  type ScenarioOptions,
  scenarios,
} from "@qpp/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";

// Containers with bugs, planted to see that the model finds them, and how small the scripts are that show them.

/** The script that shows the bug. */
async function counterexample(create: ContainerFactory, options: ScenarioOptions = {}): Promise<string> {
  const details = await fc.check(
    fc.asyncProperty(scenarios(options), (scenario) =>
      scenario.play((setup) => createCheckedFabric(setup, create)),
    ),
    { numRuns: 2000, seed: 1 },
  );
  expect(details.failed).toBe(true);
  expect(details.errorInstance).toBeInstanceOf(FabricMismatchError);
  return details.counterexample?.[0].script ?? "";
}

/** Runs a script's lines against a wiring whose container has the bug. */
async function replay(script: string, create: ContainerFactory): Promise<void> {
  const body = script.replace(/^import .*\n/, "");
  const AsyncFunction = (async () => {}).constructor as new (
    ...source: string[]
  ) => (create: unknown) => Promise<void>;
  await new AsyncFunction("createCheckedFabric", body)((setup: Parameters<typeof createCheckedFabric>[0]) =>
    createCheckedFabric(setup, create),
  );
}

const steps = (script: string): string[] => script.split("\n").filter((line) => line.startsWith("await"));

/** A container with some of its functions replaced. */
const altered =
  (change: (container: Container) => Partial<Container>): ContainerFactory =>
  (options) => {
    const container = createContainer(options);
    const changes = change(container);
    return new Proxy(container, {
      get(target, key) {
        const value: unknown = Reflect.get(changes, key) ?? Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };

const bugs: Record<string, { create: ContainerFactory; most: number }> = {
  "uninstall forgets to say whether there was something": {
    create: altered((container) => ({
      uninstall(name) {
        container.uninstall(name);
        return true;
      },
    })),
    most: 3,
  },
  "the policy is always to report": {
    create: (options) => createContainer({ ...options, onFault: "report" }),
    most: 5,
  },
  "plugins are loaded one by one, in the order of the requests": {
    create: altered((container) => ({
      async load(requests) {
        const reports = [];
        for (const request of requests) reports.push(await container.load([request]));
        return {
          loaded: reports.flatMap(({ loaded }) => loaded),
          refused: reports.flatMap(({ refused }) => refused),
          problems: [],
        };
      },
    })),
    most: 2,
  },
  "results of plugins that are gone are lost": {
    create: altered((container) => ({
      results: () => new Map([...container.results()].filter(([name]) => container.get(name) !== undefined)),
    })),
    most: 3,
  },
  "the host does not hear of faults in promises": {
    create: (options) =>
      createContainer({
        ...options,
        host: {
          ...options.host,
          fault(fault) {
            if (new Error().stack?.includes("processTicksAndRejections")) return;
            options.host.fault(fault);
          },
        },
      }),
    most: 5,
  },
};

test.each(Object.entries(bugs))("the model finds that %s", async (_, { create, most }) => {
  const script = await counterexample(create);
  expect(steps(script).length).toBeLessThanOrEqual(most);
  await expect(replay(script, create)).rejects.toThrow(FabricMismatchError);
  await expect(replay(script, createContainer)).resolves.toBeUndefined();
});

test("the script that shows a bug is as short as can be", async () => {
  const script = await counterexample(bugs["results of plugins that are gone are lost"]?.create as never, {
    size: 1,
    policies: ["report"],
  });
  expect(script).toBe(
    `import { createCheckedFabric } from "@qpp/core/testing";

const fabric = createCheckedFabric({"graph":[{"name":"p0","requires":[],"optional":[]}],"capacity":1,"policy":"report"});
await fabric.perform({"kind":"load","plugins":[0]});
await fabric.perform({"kind":"unload","plugin":"p0"});
`,
  );
});
