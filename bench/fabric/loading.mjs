// node loading.mjs COUNT: milliseconds to load COUNT plugins into a new container, in a process of its own. They form a tree:
// each requires its parent, listens to its callback and calls its function.
import { callback, contract, createContainer, fn, plugin } from "@qpp/core";

const count = Number(process.argv[2]);
const contracts = Array.from({ length: count }, (_, k) =>
  contract(`p${k}`, { callbacks: { tick: callback() }, functions: { depth: fn() } }),
);
let heard = 0;
let deepest = 0;
let root;
const plugins = contracts.map((own, k) =>
  plugin(own, {
    requires: k === 0 ? {} : { parent: contracts[(k - 1) >> 1] },
    install({ callbacks, parent }) {
      if (k === 0) root = callbacks.tick;
      parent?.tick.register((value) => {
        heard++;
        callbacks.tick.run(value);
      });
      const depth = parent === undefined ? 0 : parent.depth() + 1;
      deepest = Math.max(deepest, depth);
      return { depth: () => depth };
    },
  }),
);
const container = createContainer({
  host: {
    log: console.error,
    fault: (fault) => {
      throw new Error(fault.message);
    },
    abort: () => {},
  },
});
const start = performance.now();
// The leaves first: the container must find the order.
await container.load(plugins.map((loaded) => ({ plugin: loaded })).reverse());
const milliseconds = performance.now() - start;

root.run(1);
if (heard !== count - 1 || deepest !== Math.floor(Math.log2(count))) {
  throw new Error(`${heard} plugins heard the event, ${deepest} deep`);
}
console.log(milliseconds);
