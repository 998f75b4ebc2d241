// What must compile, and what must not: checked by the compiler, never run.
import {
  type Callback,
  callback,
  contract,
  createContainer,
  fn,
  type Plugin,
  perConsumer,
  plugin,
  value,
} from "@qpp/core";
import { filter, type Subscription } from "rxjs";

interface Ticks {
  every(n: number): void;
}

const machine = contract("machine", {
  callbacks: { exited: callback<[code: number]>() },
  values: { ticks: value<Ticks>() },
});
const qppSrv = contract("qpp_srv", {
  callbacks: { onExit: callback<[exitCode: number, clean: boolean]>() },
  functions: { doAdd: fn<(x: number) => number>(), doSub: fn<(x: number) => number>() },
});
const other = contract("other", { callbacks: { happened: callback<[]>() } });

export const server = plugin(qppSrv, {
  requires: { machine },
  install({ machine, callbacks }) {
    machine.exited.register((code) => callbacks.onExit.run(code, code === 0));
    const subscription: Subscription = callbacks.onExit.register(() => {});
    subscription.unsubscribe();
    // @ts-expect-error a callback is run with its own arguments
    callbacks.onExit.run("x", true);
    // @ts-expect-error an argument is missing
    callbacks.onExit.run(1);
    // @ts-expect-error only the owner runs a callback
    machine.exited.run(1);
    // @ts-expect-error nor can it be fed as an observer
    machine.exited.next([1]);
    // @ts-expect-error there is no such callback
    callbacks.onExlt.run(1, true);
    machine.ticks.every(3);
    // @ts-expect-error a value has its declared type
    machine.ticks.every("3");
    return { doAdd: (x) => x + 1, doSub: (x) => x - 1 };
  },
});

export const client = plugin("qpp_client", {
  requires: { srv: qppSrv },
  optional: { maybe: other },
  install({ srv, maybe, log, ...context }) {
    log(srv.doAdd(1).toFixed());
    // @ts-expect-error a function is called with its own arguments
    srv.doAdd("1");
    srv.onExit.register((code, clean) => log(code.toFixed(), clean === true));
    // @ts-expect-error a listener takes the callback's own arguments
    srv.onExit.register((code: string) => log(code));
    srv.onExit.pipe(filter(([, clean]) => !clean)).subscribe(([code]) => log(code.toFixed()));
    // @ts-expect-error an optional plugin may not be there
    maybe.happened.register(() => {});
    maybe?.happened.register(() => {});
    // @ts-expect-error a plugin that is not required is not there
    context.machine;
    // @ts-expect-error a view is read-only
    srv.onExit = other;
    // @ts-expect-error it has no callbacks of its own
    context.callbacks.anything.run();
  },
});

export const notAllExports = plugin(
  qppSrv,
  // @ts-expect-error a declared function must be returned
  { install: () => ({ doAdd: (x: number) => x }) },
);

export const nothingReturned = plugin(qppSrv, {
  // @ts-expect-error a declared function must be returned
  install() {},
});

export const wrongExport = plugin(qppSrv, {
  // @ts-expect-error a declared function has its declared type
  install() {
    return { doAdd: (x) => x + 1, doSub: (x: string) => x };
  },
});

export const machineWithValue = plugin(machine, {
  install() {
    return { ticks: perConsumer((consumer) => ({ every: (n) => consumer.add(() => n) })) };
  },
});

const clock = contract("clock", {
  functions: { now: fn<() => number>() },
  values: { ticks: value<Ticks>() },
});
export const clockWithBoth = plugin(clock, {
  requires: { machine },
  install({ machine }) {
    return {
      now: () => 1,
      ticks: perConsumer((consumer) => ({ every: (n) => machine.ticks.every(n + consumer.name.length) })),
    };
  },
});

export const machineWithWrongValue = plugin(machine, {
  // @ts-expect-error a value has its declared type
  install() {
    return { ticks: { every: "often" } };
  },
});

export const twice = contract("twice", {
  callbacks: {
    // biome-ignore lint/suspicious/noDuplicateObjectKeys: this is what must not compile
    a: callback<[]>(),
    // @ts-expect-error a second callback of one name
    a: callback<[]>(),
  },
});

// @ts-expect-error a function of the name of a callback
export const clash = contract("clash", {
  callbacks: { a: callback<[]>() },
  functions: { a: fn<() => void>() },
});

export const reserved = plugin("reserved", {
  // @ts-expect-error the context uses this name itself
  requires: { log: qppSrv },
  install() {},
});

// @ts-expect-error more than eight arguments
callback<[1, 2, 3, 4, 5, 6, 7, 8, 9]>();
// @ts-expect-error arguments of unknown number
callback<number[]>();

// Results.
const voting = contract("voting", {
  callbacks: {
    veto: callback<[pc: number], boolean>({ combine: "any" }),
    name: callback<[pc: number], string>({ combine: "first" }),
    weight: callback<[pc: number], number>({ combine: "sum", capacity: 4 }),
    longest: callback<[], string>({
      combine: (results) => results.reduce((a, b) => (a.length > b.length ? a : b), ""),
    }),
  },
});
// @ts-expect-error "any" is for booleans
callback<[], number>({ combine: "any" });
// @ts-expect-error "sum" is for numbers
callback<[], string>({ combine: "sum" });
// @ts-expect-error results need a way to combine
callback<[], boolean>({ capacity: 3 });

export const owner = plugin(voting, {
  install({ callbacks }) {
    const vetoed: boolean = callbacks.veto.run(1);
    const name: string | undefined = callbacks.name.run(1);
    // @ts-expect-error there may be no first result
    const surely: string = callbacks.name.run(1);
    const weight: number = callbacks.weight.run(1);
    const longest: string = callbacks.longest.run();
    callbacks.veto.register((pc) => pc === 3);
    // @ts-expect-error a listener returns what is declared
    callbacks.veto.register((pc) => pc);
    return void [vetoed, name, surely, weight, longest];
  },
});

// Arguments.
const limits = {
  "~standard": {
    version: 1,
    vendor: "by hand",
    validate: (raw: unknown): { value: { limit: number } } => ({ value: { limit: Number(raw) } }),
  },
} as const;
export const withArguments = plugin("with_arguments", {
  args: limits,
  install({ args }) {
    args.limit.toFixed();
    // @ts-expect-error there is no such argument
    args.count;
  },
});
export const withoutArguments = plugin("without_arguments", {
  install({ args }) {
    // @ts-expect-error there are no arguments
    args.limit;
  },
});

// Any plugin is a `Plugin`, wherever it is written.
export const list: readonly Plugin[] = [
  server,
  client,
  plugin("inline", { requires: { srv: qppSrv }, install: ({ srv, log }) => log(srv.doAdd(1).toFixed()) }),
  plugin("relaxed", { optional: { srv: qppSrv }, install: ({ srv, log }) => log(srv?.doAdd(1).toFixed()) }),
  plugin(qppSrv, { install: () => ({ doAdd: (x) => x, doSub: (x) => x }) }),
];

// The host.
const container = createContainer({ host: { log() {}, fault() {} } });
const srv = container.use(qppSrv);
export const three: number = srv.doAdd(2);
export const onExit: Callback<[exitCode: number, clean: boolean]> = srv.onExit;
// @ts-expect-error the host owns it no more than a plugin does
srv.onExit.run(1, true);
