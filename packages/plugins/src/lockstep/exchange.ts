import { createComparison } from "./comparison.js";
import type { Link } from "./link.js";
import {
  type End,
  encode,
  encodeJson,
  type Hello,
  Kind,
  type Message,
  type RegisterUse,
  type SideState,
  VERSION,
} from "./protocol.js";

/** Where the two differ first. */
export interface Divergence {
  /** Number of the block, from 0. */
  readonly index: number;
  readonly here: SideState;
  readonly there: SideState;
}

/** What this side knows of itself. */
export interface OwnSide {
  /** How many blocks it has recorded. */
  readonly count: number;
  /** Records that the other side has not been sent; forgets them. */
  take(): Uint32Array;
  /** Where it was at block `index`: one of the last ones, or the one after all of them, if it has ended. */
  stateAt(index: number, end: End | null): SideState;
}

/** Told what is found. */
export interface ExchangeListener {
  /** All that is to be told of the first difference is known. */
  diverged(divergence: Divergence): void;
  /** A block differs: this one and every other, the first included; told at once. */
  differs(index: number, theirPc: number): void;
}

/** The conversation with the other side. */
export interface Exchange {
  /** How many blocks of both sides have been compared, and how many of them differ. */
  readonly compared: number;
  readonly differing: number;
  /** Whether three in a row differ, so that nothing more is compared. */
  readonly apart: boolean;
  /** How the other side has ended, if it has. */
  readonly theirEnd: End | undefined;
  /** Whether there is nothing more to compare. */
  readonly over: boolean;
  /** Says what this side compares, and hears what the other one does. @throws Error if that is something else */
  greet(): void;
  /** Sends what was recorded, and waits until the other side has come as far, or ended. @throws Error if it breaks off */
  step(): void;
  /** This side has ended: sends the rest, and waits for how the other one goes on. @throws Error if it breaks off */
  finish(end: End): void;
}

/** @param words of a record */
export function createExchange(
  link: Pick<Link, "send" | "receive">,
  own: OwnSide,
  options: { readonly words: number; readonly registers: RegisterUse },
  listener: ExchangeListener,
): Exchange {
  let here: SideState | undefined;
  let there: SideState | undefined;
  let first = 0;
  let ownEnd: End | null = null;
  let theirEnd: End | undefined;
  let over = false;
  const comparison = createComparison(options.words, {
    differs(index, isFirst) {
      listener.differs(index, comparison.theirAddress());
      // Not told yet: the other side's state is still to come.
      if (isFirst) part(index);
    },
  });

  function part(index: number): void {
    first = index;
    here = own.stateAt(index, ownEnd);
    link.send(encodeJson(Kind.state, here));
  }

  function next(): Message {
    const message = link.receive();
    if (message) return message;
    throw new Error(
      `the other side has gone after ${comparison.theirs} blocks without having ended: was it killed?`,
    );
  }

  function take({ kind, body }: Message): void {
    if (kind === Kind.blocks) comparison.pushTheirs(new Uint32Array(body.buffer));
    else if (kind === Kind.state) there = JSON.parse(String(Buffer.from(body)));
    else if (kind === Kind.end) theirEnd = JSON.parse(String(Buffer.from(body)));
  }

  function send(): void {
    const records = own.take();
    if (records.length === 0) return;
    link.send(encode(Kind.blocks, new Uint8Array(records.buffer)));
    comparison.pushOwn(records);
  }

  /** Tells of the first difference once the other side has told where it is. */
  function tell(): void {
    if (here === undefined) return;
    while (there === undefined) take(next());
    listener.diverged({ index: first, here, there });
    here = undefined;
  }

  /** One side has ended where the other goes on, or in another way: that is the difference, unless its machine was stopped. */
  function compareEnds(): void {
    if (comparison.differing > 0) return;
    const { own: length, theirs: theirLength } = comparison;
    const parts =
      length === theirLength
        ? ownEnd?.stopped === null &&
          theirEnd?.stopped === null &&
          (ownEnd.code !== theirEnd.code || ownEnd.signal !== theirEnd.signal)
        : (length < theirLength ? ownEnd : theirEnd)?.stopped === null;
    if (parts) part(comparison.compared);
  }

  return {
    get compared() {
      return comparison.compared;
    },
    get differing() {
      return comparison.differing;
    },
    get apart() {
      return comparison.apart;
    },
    get theirEnd() {
      return theirEnd;
    },
    get over() {
      return over;
    },
    greet() {
      link.send(encodeJson(Kind.hello, { version: VERSION, registers: options.registers }));
      const { kind, body } = next();
      const hello: Hello | undefined =
        kind === Kind.hello ? JSON.parse(String(Buffer.from(body))) : undefined;
      if (hello?.version !== VERSION)
        throw new Error("the other side is another version of this plugin: run the same one on both");
      if (hello.registers !== options.registers)
        throw new Error(
          `the other side has registers=${hello.registers}, this one registers=${options.registers}: give both the same`,
        );
    },
    step() {
      send();
      while (!comparison.apart && theirEnd === undefined && comparison.theirs < comparison.own) take(next());
      tell();
      if (comparison.apart) over = true;
      else if (theirEnd !== undefined && comparison.theirs < comparison.own) {
        compareEnds();
        tell();
        over = true;
      }
    },
    finish(end) {
      if (over) return;
      ownEnd = end;
      send();
      link.send(encodeJson(Kind.end, end));
      while (!comparison.apart && theirEnd === undefined && comparison.theirs <= comparison.own) take(next());
      tell();
      compareEnds();
      tell();
      over = true;
    },
  };
}
