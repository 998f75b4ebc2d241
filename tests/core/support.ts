import {
  type Container,
  createContainer,
  type Fault,
  type FaultPolicy,
  type Plugin,
  type Resolve,
} from "@qpp/core";

/** A container whose host keeps what it hears. */
export interface Bench {
  readonly container: Container;
  readonly said: unknown[][];
  readonly faults: Fault[];
  readonly aborts: Fault[];
  /** Loads plugins that must all load. */
  load(...plugins: Plugin[]): Promise<readonly string[]>;
}

export function bench(
  options: {
    onFault?: FaultPolicy;
    resolve?: Resolve;
    suggestions?: string[];
    advice?: (name: string) => string;
  } = {},
): Bench {
  const said: unknown[][] = [];
  const faults: Fault[] = [];
  const aborts: Fault[] = [];
  const container = createContainer({
    ...options,
    host: {
      log: (...line) => said.push(line),
      fault: (fault) => faults.push(fault),
      abort: (fault) => aborts.push(fault),
    },
  });
  const load = async (...plugins: Plugin[]): Promise<readonly string[]> => {
    const { loaded, refused } = await container.load(plugins.map((plugin) => ({ plugin })));
    if (refused.length > 0) throw refused[0]?.error;
    return loaded;
  };
  return { container, said, faults, aborts, load };
}
