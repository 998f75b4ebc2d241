import type { Consumer } from "@qpp/core";
import { Subscription } from "rxjs";
import type { BlockBatch, InstructionBatch } from "../contract/blocks.js";
import type { Cpu } from "../contract/cpu.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { DirectOptions, EventLanes } from "../contract/lanes.js";
import type { MemoryAccess, MemoryBatch } from "../contract/memory.js";
import {
  createHostEvents,
  type HostBatch,
  type HostEvents,
  HostLanes,
  type HostTools,
} from "../instrument/host-lanes.js";
import { accessInfo } from "../machine/access.js";

/** Lets what was attached in a block take part from the next one on. */
export interface BlockGate {
  /** Does it now, or, while a block is being executed, when the next one begins. */
  whenOutside(action: () => void): void;
  /** A block begins. */
  enter(): void;
  /** No block is being executed any more. */
  leave(): void;
}

export function createBlockGate(): BlockGate {
  let inside = false;
  let waiting: (() => void)[] = [];
  const open = (): void => {
    inside = false;
    const actions = waiting;
    waiting = [];
    for (const action of actions) action();
  };
  return {
    whenOutside(action) {
      if (inside) waiting.push(action);
      else action();
    },
    enter() {
      open();
      inside = true;
    },
    leave: open,
  };
}

/** Events of translated code: attaching takes effect at the next block. */
export function createBlockwiseEvents<Event, Site>(gate: BlockGate): HostEvents<Event, Site> {
  const events = createHostEvents<Event, Site>();
  return {
    emit: events.emit,
    attach(call) {
      let off = (): void => {
        off = () => {};
      };
      let wanted = true;
      gate.whenOutside(() => {
        if (wanted) off = events.attach(call);
      });
      return () => {
        wanted = false;
        off();
      };
    },
  };
}

/** What the lanes of one kind of event differ in. */
export interface FakeLaneSpec<Args extends readonly unknown[], Event, Batch, Site> {
  /** As in `machine.blocks.executed`. */
  readonly name: string;
  readonly events: HostEvents<Event, Site>;
  /** What a direct listener is called with; made once for each listener. */
  spread(): (event: Event) => Args;
  readonly batch: HostBatch<Event, Batch>;
}

/** Remembers what a function said, as `where` and `countBy` ask once a translation. */
export function once<Site extends object, T>(ask: (site: Site) => T): (site: Site) => T {
  const answers = new WeakMap<Site, { readonly answer: T }>();
  return (site) => {
    let known = answers.get(site);
    if (known === undefined) {
      known = { answer: ask(site) };
      answers.set(site, known);
    }
    return known.answer;
  };
}

/** All lanes of an event of translated code, for one consumer. */
export function fakeLanes<Args extends readonly unknown[], Event, Batch, Site extends object>(
  { name, events, spread, batch }: FakeLaneSpec<Args, Event, Batch, Site>,
  tools: HostTools,
  draining: Set<() => void>,
  gate: BlockGate,
  consumer: Consumer,
  selected: (site: Site) => boolean,
): EventLanes<Args, Event, Batch, Site> {
  const lanes = new HostLanes(name, events, tools, consumer, selected, batch, draining);
  const register = lanes.register.bind(lanes);
  const when = lanes.when.bind(lanes);
  const countBy = lanes.countBy.bind(lanes);
  const inline = lanes.inline.bind(lanes);
  const spreading = (listener: (...args: Args) => void): ((event: Event) => void) => {
    const argsOf = spread();
    // What the listener returns may be a promise, whatever its type says.
    return (event) => listener(...argsOf(event));
  };
  return Object.assign(lanes, {
    register: (listener: (...args: Args) => void, options?: DirectOptions): Subscription =>
      register(spreading(listener), options),
    when: (...condition: Parameters<typeof when>) => {
      const conditional = when(...condition);
      return {
        register: (listener: (...args: Args) => void, options?: DirectOptions): Subscription =>
          conditional.register(spreading(listener), options),
      };
    },
    // It is part of the block's code until that ends.
    inline: (...operation: Parameters<typeof inline>): Subscription => {
      const attached = inline(...operation);
      return new Subscription(() => gate.whenOutside(() => attached.unsubscribe()));
    },
    countBy: <K>(key: (site: Site) => K) => countBy(once(key)),
  });
}

function missing(i: number): never {
  throw new RangeError(`the batch has no event ${i}`);
}

/** Executions of blocks in batches. */
export const blockBatch: HostBatch<{ cpu: Cpu; block: Block }, BlockBatch & { blocks: Block[] }> = {
  create(capacity, vcpu) {
    const blocks: Block[] = [];
    const [pc, insns] = [new Uint32Array(capacity), new Uint32Array(capacity)];
    return { length: 0, vcpu, pc, insns, blocks, block: (i) => blocks[i] ?? missing(i) };
  },
  put(batch, at, { block }) {
    batch.pc[at] = block.pc;
    batch.insns[at] = block.instructions.length;
    batch.blocks[at] = block;
  },
};

/** Executions of instructions in batches. */
export const instructionBatch: HostBatch<
  { cpu: Cpu; instruction: Instruction },
  InstructionBatch & { instructions: Instruction[] }
> = {
  create(capacity, vcpu) {
    const instructions: Instruction[] = [];
    const pc = new Uint32Array(capacity);
    return { length: 0, vcpu, pc, instructions, instruction: (i) => instructions[i] ?? missing(i) };
  },
  put(batch, at, { instruction }) {
    batch.pc[at] = instruction.pc;
    batch.instructions[at] = instruction;
  },
};

/** Memory accesses in batches. */
export const accessBatch: HostBatch<
  { cpu: Cpu; access: MemoryAccess },
  MemoryBatch & { sites: AccessSite[] }
> = {
  create(capacity, vcpu) {
    const sites: AccessSite[] = [];
    const column = (): Uint32Array => new Uint32Array(capacity);
    return {
      length: 0,
      vcpu,
      address: column(),
      pc: column(),
      valueLow: column(),
      valueHigh: column(),
      info: column(),
      sites,
      site: (i) => sites[i] ?? missing(i),
    };
  },
  put(batch, at, { access }) {
    batch.address[at] = access.address;
    batch.pc[at] = access.site.pc;
    batch.valueLow[at] = access.valueLow;
    batch.valueHigh[at] = access.valueHigh;
    batch.info[at] = accessInfo(access.site);
    batch.sites[at] = access.site;
  },
};
