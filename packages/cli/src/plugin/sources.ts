import { register } from "node:module";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";

let listener: ((file: string) => void) | undefined;
let hooked = false;
let pull = (): void => {};

/** Has `listener` told of each file that plugins are read from, or would be if it were there. */
export function watchSources(told: (file: string) => void): void {
  listener = told;
}

/** Tells of those files that the thread of the hooks has told of, and that have not come through yet. */
export function pullSources(): void {
  pull();
}

/** A file is about to be looked for. */
export function sourceRead(file: string): void {
  listener?.(file);
}

/** Puts our hooks between plugins and the modules they import, once. */
export function hookModules(): void {
  if (hooked) return;
  hooked = true;
  if (listener === undefined) {
    register("./module-hooks.js", import.meta.url);
    return;
  }
  const { port1: here, port2: there } = new MessageChannel();
  here.on("message", sourceRead);
  here.unref();
  pull = () => {
    for (let got = receiveMessageOnPort(here); got; got = receiveMessageOnPort(here)) sourceRead(got.message);
  };
  register("./module-hooks.js", import.meta.url, { data: there, transferList: [there] });
}
