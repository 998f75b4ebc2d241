import type { MessagePort } from "node:worker_threads";

/** What the thread that has the socket is started with. */
export interface LinkSetup {
  readonly path: string;
  /** How long to wait for the other side. */
  readonly seconds: number;
  readonly port: MessagePort;
  /** Goes up by one with each message to the guest's thread, which may be asleep on it. */
  readonly bell: Int32Array<SharedArrayBuffer>;
}

/** From the thread that has the socket. */
export type FromSocket =
  | { readonly kind: "connected" | "closed" }
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly why: string };

/** To it: bytes to be sent, or null when there are no more. */
export type ToSocket = Uint8Array | null;
