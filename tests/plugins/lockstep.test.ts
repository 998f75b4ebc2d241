import { block } from "@qpp/emulator/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createComparison } from "../../packages/plugins/src/lockstep/comparison.js";
import { createExchange, type Divergence } from "../../packages/plugins/src/lockstep/exchange.js";
import {
  createMessageReader,
  type End,
  encode,
  encodeJson,
  Kind,
  type Message,
  type SideState,
  VERSION,
} from "../../packages/plugins/src/lockstep/protocol.js";
import { createRecorder } from "../../packages/plugins/src/lockstep/recorder.js";
import { load } from "./load.js";

const WORDS = 2;
const APART = 3;

/** Two runs that are often the same for a while, and sometimes differ in one place only. */
const runs = fc
  .record({
    common: fc.array(fc.nat(3), { maxLength: 40 }),
    changes: fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { maxLength: 3 }),
    tail: fc.tuple(fc.array(fc.nat(3), { maxLength: 8 }), fc.array(fc.nat(3), { maxLength: 8 })),
  })
  .map(({ common, changes, tail }) => {
    const other = [...common];
    for (const [at, pc] of changes) if (at < other.length) other[at] = pc;
    return { a: [...common, ...tail[0]], b: [...other, ...tail[1]] };
  });

/** What must be found: the first difference, how many there are until three follow each other, and how many are compared. */
function model(a: readonly number[], b: readonly number[]) {
  const differing: number[] = [];
  let compared = 0;
  for (; compared < Math.min(a.length, b.length); compared++) {
    if (a[compared] !== b[compared]) differing.push(compared);
    const last = differing.slice(-APART);
    if (last.length === APART && last[0] === compared - APART + 1) {
      return { differing, compared: compared + 1, apart: true };
    }
  }
  return { differing, compared, apart: false };
}

const recordsOf = (pcs: readonly number[]): Uint32Array => Uint32Array.from(pcs.flatMap((pc) => [pc, 0]));

/** Cuts a list into pieces of these lengths, again and again. */
function pieces<T>(list: readonly T[], lengths: readonly number[]): T[][] {
  const cut: T[][] = [];
  for (let at = 0, i = 0; at < list.length; i++) {
    const length = 1 + (lengths[i % lengths.length] ?? 0);
    cut.push(list.slice(at, at + length));
    at += length;
  }
  return cut;
}

const lengths = fc.array(fc.nat(9), { minLength: 1, maxLength: 4 });

test("two streams are compared lane by lane, however their pieces come, until three records in a row differ", () => {
  fc.assert(
    fc.property(runs, lengths, lengths, fc.array(fc.boolean()), ({ a, b }, cutA, cutB, turns) => {
      const told: number[] = [];
      const theirs: number[] = [];
      const comparison = createComparison(WORDS, {
        differs(index, first) {
          expect(first).toBe(told.length === 0);
          told.push(index);
          theirs.push(comparison.theirAddress());
        },
      });
      const own = pieces(a, cutA);
      const other = pieces(b, cutB);
      for (let i = 0; own.length + other.length > 0; i++) {
        if (other.length === 0 || (own.length > 0 && turns[i % turns.length]))
          comparison.pushOwn(recordsOf(own.shift() ?? []));
        else comparison.pushTheirs(recordsOf(other.shift() ?? []));
      }
      const expected = model(a, b);
      expect(told).toEqual(expected.differing);
      expect(theirs).toEqual(expected.differing.map((index) => b[index]));
      expect(comparison).toMatchObject({
        own: a.length,
        theirs: b.length,
        compared: expected.compared,
        differing: expected.differing.length,
        apart: expected.apart,
      });
    }),
  );
});

test("a stream of bytes is cut into its messages, however it comes", () => {
  const message = fc.record({
    kind: fc.constantFrom(...Object.values(Kind)),
    body: fc.uint8Array({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), lengths, (messages, cuts) => {
      const stream = Buffer.concat(messages.map(({ kind, body }) => encode(kind, body)));
      const reader = createMessageReader();
      const got: Message[] = [];
      for (const piece of pieces([...stream], cuts)) {
        reader.push(Uint8Array.from(piece));
        for (let next = reader.next(); next; next = reader.next()) got.push(next);
      }
      expect(got).toEqual(messages);
    }),
  );
  const reader = createMessageReader();
  reader.push(Buffer.from("GET / HTTP/1.1\r\n"));
  expect(() => reader.next()).toThrow("not from this plugin");
});

const stateOf = (pcs: readonly number[], index: number, end: End | null): SideState => {
  const place = (pc: number) => ({ pc, symbol: null, insns: 1 });
  const pc = pcs[index];
  return {
    block: pc === undefined ? null : { ...place(pc), vcpu: 0, text: [] },
    end: pc === undefined ? end : null,
    insns: index,
    before: pcs.slice(Math.max(0, index - 5), index).map(place),
    last: null,
    registers: null,
  };
};

/** Has one side talk to another that follows the same rules, of which only what it says is there. */
function converse(
  a: readonly number[],
  b: readonly number[],
  cuts: { own: readonly number[]; theirs: readonly number[] },
  ends: { own: End; theirs: End },
) {
  const queue: Message[] = [];
  const deliver = (bytes: Uint8Array): void => {
    const reader = createMessageReader();
    reader.push(bytes);
    for (let next = reader.next(); next; next = reader.next()) queue.push(next);
  };
  deliver(encodeJson(Kind.hello, { version: VERSION, registers: "off" }));
  for (const piece of pieces(b, cuts.theirs))
    deliver(encode(Kind.blocks, new Uint8Array(recordsOf(piece).buffer)));
  deliver(encodeJson(Kind.end, ends.theirs));

  let recorded: number[] = [];
  let count = 0;
  const found: Divergence[] = [];
  const differing: number[] = [];
  const sent: number[] = [];
  const exchange = createExchange(
    {
      send(bytes) {
        const reader = createMessageReader();
        reader.push(bytes);
        const message = reader.next();
        sent.push(message?.kind ?? 0);
        if (message?.kind !== Kind.state) return;
        const { length } = (JSON.parse(String(Buffer.from(message.body))) as { before: unknown[] }).before;
        expect(length).toBeLessThanOrEqual(5);
        const { insns } = JSON.parse(String(Buffer.from(message.body))) as SideState;
        deliver(encodeJson(Kind.state, stateOf(b, insns, ends.theirs)));
      },
      receive: () => queue.shift(),
    },
    {
      get count() {
        return count;
      },
      take() {
        const taken = recordsOf(recorded);
        recorded = [];
        return taken;
      },
      stateAt: (index, end) => stateOf(a, index, end),
    },
    { words: WORDS, registers: "off" },
    { diverged: (divergence) => found.push(divergence), differs: (index) => differing.push(index) },
  );
  exchange.greet();
  for (const piece of pieces(a, cuts.own)) {
    if (exchange.over) break;
    recorded = piece;
    count += piece.length;
    exchange.step();
  }
  exchange.finish(ends.own);
  return { exchange, found, differing, sent };
}

const end = (code: number, stopped: string | null = null): End => ({ code, signal: null, stopped });

test("one divergence is told: the first block that differs, or where one side has ended", () => {
  const stops = fc.constantFrom(null, null, "max-insns");
  const ends = fc.record({
    own: fc.tuple(fc.nat(1), stops).map(([code, stopped]) => end(code, stopped)),
    theirs: fc.tuple(fc.nat(1), stops).map(([code, stopped]) => end(code, stopped)),
  });
  fc.assert(
    fc.property(runs, fc.record({ own: lengths, theirs: lengths }), ends, ({ a, b }, cuts, how) => {
      const { exchange, found, differing } = converse(a, b, cuts, how);
      const expected = model(a, b);
      const [first] = expected.differing;
      const { own, theirs } = how;
      const endsApart =
        a.length === b.length
          ? own.stopped === null && theirs.stopped === null && own.code !== theirs.code
          : (a.length < b.length ? own : theirs).stopped === null;
      const parted = first ?? (endsApart ? Math.min(a.length, b.length) : undefined);
      expect(found.map(({ index }) => index)).toEqual(parted === undefined ? [] : [parted]);
      for (const { index, here, there } of found) {
        expect(here).toEqual(stateOf(a, index, how.own));
        expect(there).toEqual(stateOf(b, index, how.theirs));
      }
      expect(differing).toEqual(expected.differing);
      expect(exchange).toMatchObject({ over: true, compared: expected.compared, apart: expected.apart });
    }),
  );
});

test("who breaks off, or wants something else compared, is told apart from who has ended", () => {
  const own = { count: 0, take: () => new Uint32Array(0), stateAt: () => stateOf([], 0, null) };
  const listener = { diverged() {}, differs() {} };
  const options = { words: WORDS, registers: "off" } as const;
  const talk = (...messages: Uint8Array[]) => {
    const reader = createMessageReader();
    for (const message of messages) reader.push(message);
    return createExchange({ send() {}, receive: () => reader.next() }, own, options, listener);
  };
  expect(() => talk(encodeJson(Kind.hello, { version: VERSION, registers: "on" })).greet()).toThrow(
    "the other side has registers=on, this one registers=off: give both the same",
  );
  expect(() => talk(encodeJson(Kind.hello, { version: 99, registers: "off" })).greet()).toThrow(
    "another version",
  );
  expect(() => talk(encodeJson(Kind.end, end(0))).greet()).toThrow("another version");
  const gone = talk(encodeJson(Kind.hello, { version: VERSION, registers: "off" }));
  gone.greet();
  expect(() => gone.finish(end(0))).toThrow("gone after 0 blocks");
});

test("the recorder knows the last blocks, and what was executed before each", () => {
  const program = { path: "", args: [], startCode: 0, endCode: 0, entry: 0, symbolAt: () => undefined };
  const some = [
    block(0x1000, ["addi a0,a0,1", "jal zero,0x2000"]),
    block(0x2000, ["jal zero,0x1000"]),
    block(0x3000, ["addi a0,a0,1", "addi a0,a0,1", "jal zero,0x1000"]),
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 60 }), fc.nat(7), (order, back) => {
      const recorder = createRecorder(8, WORDS, program);
      for (const choice of order) {
        const next = some[choice];
        if (next) recorder.add(3, next, undefined);
        if (recorder.gathered === 8) expect(recorder.take().length).toBe(8 * WORDS);
      }
      const index = Math.max(0, order.length - 1 - back);
      const chosen = order.map((choice) => some[choice]);
      const insns = chosen.slice(0, index).reduce((sum, each) => sum + (each?.instructions.length ?? 0), 0);
      const state = recorder.stateAt(index);
      expect(state.insns).toBe(insns);
      expect(state.block).toMatchObject({ pc: chosen[index]?.pc, vcpu: 3 });
      expect(state.before.map(({ pc }) => pc)).toEqual(
        chosen.slice(Math.max(0, index - 5), index).map((each) => each?.pc),
      );
      const last = chosen[index - 1]?.instructions.at(-1);
      expect(state.last).toBe(last ? `${last.pc.toString(16)}: ${last.text}` : null);
      expect(recorder.stateAt(order.length)).toMatchObject({ block: null });
    }),
  );
});

test("nothing is listened to before the guest runs; the path must be given", async () => {
  const { refused, result } = await load({ lockstep: { sockpath: "never" } });
  expect(refused).toEqual([]);
  expect(result("lockstep")).toMatchObject({ blocks: 0, divergence: null });
  expect((await load({ lockstep: {} })).refused.join()).toContain('argument "sockpath": it must be given');
  expect((await load({ lockstep: { sockpath: "x", registers: "some" } })).refused.join()).toContain(
    "one of show, on, off",
  );
});
