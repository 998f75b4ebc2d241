const HEADER_BYTES = 8;

/** What the two sides tell each other. */
export const Kind = { hello: 1, blocks: 2, state: 3, end: 4 } as const;

/** One of {@link Kind}. */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What the other side has told. */
export interface Message {
  readonly kind: Kind;
  readonly body: Uint8Array;
}

/** The first message of each side: both must be asked for the same. */
export interface Hello {
  readonly version: number;
  readonly registers: RegisterUse;
}

/** What is done with registers: nothing; they are shown where the two differ; or they are compared as well. */
export type RegisterUse = "off" | "show" | "on";

/** How a side has ended: the last message. */
export interface End {
  readonly code: number;
  readonly signal: string | null;
  /** Why its machine stopped it, which is nothing that the program did. */
  readonly stopped: string | null;
}

/** A block, by address. */
export interface BlockPlace {
  readonly pc: number;
  /** The function that it is in. */
  readonly symbol: string | null;
  readonly insns: number;
}

/** Where a side is when the two differ. */
export interface SideState {
  /** The block that it is about to execute; null if it has ended. */
  readonly block: (BlockPlace & { readonly vcpu: number; readonly text: readonly string[] }) | null;
  readonly end: End | null;
  /** Instructions executed before. */
  readonly insns: number;
  /** The blocks before, the latest last. */
  readonly before: readonly BlockPlace[];
  /** The last instruction before: what brought it here. */
  readonly last: string | null;
  /** Values in hexadecimal, by name; null if they are not read. */
  readonly registers: Readonly<Record<string, string>> | null;
}

/** Version of what is told here. */
export const VERSION = 1;

/** A message as bytes: kind, length, body. */
export function encode(kind: Kind, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, kind, true);
  header.setUint32(4, body.length, true);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

/** A message whose body is text. */
export function encodeJson(kind: Kind, content: Hello | SideState | End): Uint8Array {
  return encode(kind, Buffer.from(JSON.stringify(content)));
}

/** Cuts a stream of bytes, however it comes, into messages. */
export interface MessageReader {
  /** More of the stream. */
  push(bytes: Uint8Array): void;
  /** The next message, if all of it is there. */
  next(): Message | undefined;
}

/** Makes a reader of a stream from its start. */
export function createMessageReader(): MessageReader {
  let held = Buffer.alloc(0);
  return {
    push(bytes) {
      held = Buffer.concat([held, bytes]);
    },
    next() {
      if (held.length < HEADER_BYTES) return undefined;
      const kind = kindOf(held.readUInt32LE(0));
      const end = HEADER_BYTES + held.readUInt32LE(4);
      if (held.length < end) return undefined;
      // A copy, which is aligned for what is in it.
      const body = Uint8Array.from(held.subarray(HEADER_BYTES, end));
      held = held.subarray(end);
      return { kind, body };
    },
  };
}

function kindOf(number: number): Kind {
  const kind = Object.values(Kind).find((each) => each === number);
  if (kind === undefined)
    throw new Error("what came over the socket is not from this plugin: give it a socket of its own");
  return kind;
}
