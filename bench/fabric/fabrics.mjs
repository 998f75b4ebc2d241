// What is measured: ways to hand an event to listeners. Each gives `add(listener)`, which returns a function that takes the
// listener out again, and `batch(events)`, an owner's loop. A process makes one of them only, so none spoils the type feedback
// of another.
import { EventEmitter } from "node:events";
import { MulticastSource, never, tap } from "@most/core";
import { newDefaultScheduler } from "@most/scheduler";
import { callback, contract, createContainer, plugin } from "@qpp/core";
import mitt from "mitt";
import { Subject } from "rxjs";

const ticker = contract("ticker", { callbacks: { tick: callback() } });

/** A callback in its owner's hands, and in those of another plugin. */
export async function wired() {
  let owned;
  let imported;
  const container = createContainer({
    host: {
      log: console.error,
      fault: (fault) => {
        throw new Error(fault.message);
      },
      abort: () => {},
    },
  });
  await container.load([
    {
      plugin: plugin(ticker, {
        install({ callbacks }) {
          owned = callbacks;
        },
      }),
    },
    {
      plugin: plugin("listener", {
        requires: { ticker },
        install(context) {
          imported = context.ticker;
        },
      }),
    },
  ]);
  return { owned, imported };
}

export const FABRICS = {
  async QPP() {
    const { owned, imported } = await wired();
    return {
      add(listener) {
        const subscription = imported.tick.register(listener);
        return () => subscription.unsubscribe();
      },
      batch(events) {
        for (let i = 0; i < events; i++) owned.tick.run(i);
      },
    };
  },
  "RxJS Subject"() {
    const subject = new Subject();
    return {
      add(listener) {
        const subscription = subject.subscribe(listener);
        return () => subscription.unsubscribe();
      },
      batch(events) {
        for (let i = 0; i < events; i++) subject.next(i);
      },
    };
  },
  EventEmitter() {
    const emitter = new EventEmitter();
    emitter.setMaxListeners(0);
    return {
      add(listener) {
        emitter.on("tick", listener);
        return () => emitter.off("tick", listener);
      },
      batch(events) {
        for (let i = 0; i < events; i++) emitter.emit("tick", i);
      },
    };
  },
  mitt() {
    const emitter = mitt();
    return {
      add(listener) {
        emitter.on("tick", listener);
        return () => emitter.off("tick", listener);
      },
      batch(events) {
        for (let i = 0; i < events; i++) emitter.emit("tick", i);
      },
    };
  },
  "@most/core"() {
    // Without a clock: reading one for each event would cost more than the dispatch.
    const source = new MulticastSource(never());
    const scheduler = newDefaultScheduler();
    return {
      add(listener) {
        const disposable = tap(listener, source).run(
          { event() {}, error: console.error, end() {} },
          scheduler,
        );
        return () => disposable.dispose();
      },
      batch(events) {
        for (let i = 0; i < events; i++) source.event(0, i);
      },
    };
  },
};
