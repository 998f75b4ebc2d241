import { type Container, type ContainerOptions, createContainer } from "../container/container.js";
import type { Fault } from "../fault.js";
import type { Plugin } from "../plugin.js";

/** A container, and all that its plugins said and did wrong. */
export interface TestContainer {
  readonly container: Container;
  /** What plugins said: the plugin's name, then the values. */
  readonly said: (readonly unknown[])[];
  readonly faults: Fault[];
  /** The faults because of which the run was to be aborted. */
  readonly aborts: Fault[];
  /**
   * Loads plugins that must all load, and gives their names in load order.
   *
   * @throws QppError the first reason for a refusal
   */
  load(...plugins: Plugin[]): Promise<readonly string[]>;
}

/** Makes a container; see {@link createContainer}. */
export type ContainerFactory = (options: ContainerOptions) => Container;

/**
 * Makes an empty container whose host keeps what it hears.
 *
 * @param options as for {@link createContainer}, the host apart
 * @param create makes the container itself, for tests of another implementation
 *
 * @example
 * ```ts
 * const { container, faults, load } = createTestContainer();
 * await load(server, client);
 * expect(faults).toEqual([]);
 * ```
 */
export function createTestContainer(
  options: Omit<ContainerOptions, "host"> = {},
  create: ContainerFactory = createContainer,
): TestContainer {
  const said: (readonly unknown[])[] = [];
  const faults: Fault[] = [];
  const aborts: Fault[] = [];
  const container = create({
    ...options,
    host: {
      log: (...line) => said.push(line),
      fault: (fault) => faults.push(fault),
      abort: (fault) => aborts.push(fault),
    },
  });
  return {
    container,
    said,
    faults,
    aborts,
    async load(...plugins) {
      const { loaded, refused } = await container.load(plugins.map((plugin) => ({ plugin })));
      if (refused[0]) throw refused[0].error;
      return loaded;
    },
  };
}
