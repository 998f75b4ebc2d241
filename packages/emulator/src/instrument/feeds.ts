import type { Probe, RecordedValues } from "../interpreter/plan.js";
import type { Rings } from "./rings.js";

/** How the events of one kind are recorded, and what becomes of the records. */
export interface BatchFormat<Site, Batch> {
  /** Columns of a record: one has the number of the event's site, see {@link RecordedValues}. */
  readonly columns: number;
  /** What accesses of this site write down of their values. */
  values(site: Site): RecordedValues;
  /** Makes a batch over the columns of a ring; it is reused. */
  create(columns: readonly Uint32Array[]): BatchRecords<Site, Batch>;
}

/** The events in a ring, as a batch. */
export interface BatchRecords<Site, Batch> {
  /** Gives the number of a site. `drain` hands over all events so far: to be called before a number gets another meaning. */
  number(site: Site, drain: () => void): number;
  /** Numbers mean nothing any more. */
  clear(): void;
  /** The batch with the first `length` events. */
  batch(length: number): Batch;
}

/** A consumer's place at a feed. */
export interface Seat<Site> {
  /** What records events at a site; undefined if that is done for another consumer anyway. */
  probe(site: Site): Probe | undefined;
  /** Leaves: hands over what there is for this consumer. */
  leave(): void;
}

/** A ring with events of one kind, and those who get them. */
interface Feed<Site, Batch> {
  /** Takes part in the events of blocks that are translated from now on. `deliver` must not throw. */
  join(deliver: (batch: Batch) => void): Seat<Site>;
}

/** Rings for one kind of event: consumers of the very same events share one. */
export interface Feeds<Site, Batch> {
  /** For whoever wants all events. */
  shared(capacity: number): Feed<Site, Batch>;
  /** For whoever has selected some. */
  own(capacity: number): Feed<Site, Batch>;
}

interface Member<Batch> {
  readonly deliver: (batch: Batch) => void;
  /** False until the code that was there before has gone: events of the block that is being executed are not for it. */
  takesPart: boolean;
  /** Number of the latest round in which it got a batch. */
  round: number;
}

function createFeed<Site, Batch>(
  rings: Rings,
  format: BatchFormat<Site, Batch>,
  capacity: number,
  closed: () => void,
): Feed<Site, Batch> {
  /** Replaced, not changed: members come and go while others get a batch. */
  let members: readonly Member<Batch>[] = [];
  let round = 0;
  /** What is being handed over. */
  let present: Batch | undefined;

  function hand(member: Member<Batch>, batch: Batch): void {
    if (!member.takesPart || member.round === round) return;
    member.round = round;
    member.deliver(batch);
  }

  const ring = rings.create(
    format.columns,
    capacity,
    (length) => {
      round++;
      const batch = records.batch(length);
      present = batch;
      for (const member of members) hand(member, batch);
      present = undefined;
    },
    () => {
      records.clear();
      for (const member of members) member.takesPart = true;
    },
  );
  const records = format.create(ring.columns);

  return {
    join(deliver) {
      const member: Member<Batch> = { deliver, takesPart: false, round };
      members = [...members, member];
      return {
        probe: (site) =>
          members[0] === member
            ? {
                kind: "batch",
                ring: ring.address,
                record: records.number(site, ring.drain),
                values: format.values(site),
              }
            : undefined,
        leave() {
          if (present !== undefined) hand(member, present);
          // The others get these events with those that are still to come.
          else if (member.takesPart && ring.length > 0) deliver(records.batch(ring.length));
          members = members.filter((other) => other !== member);
          if (members.length > 0) return;
          ring.free();
          closed();
        },
      };
    },
  };
}

/** Makes rings as they are asked for; they go with the last of their consumers. */
export function createFeeds<Site, Batch>(rings: Rings, format: BatchFormat<Site, Batch>): Feeds<Site, Batch> {
  const feeds = new Map<number, Feed<Site, Batch>>();
  return {
    shared(capacity) {
      const known = feeds.get(capacity);
      if (known !== undefined) return known;
      const feed = createFeed(rings, format, capacity, () => feeds.delete(capacity));
      feeds.set(capacity, feed);
      return feed;
    },
    own: (capacity) => createFeed(rings, format, capacity, () => {}),
  };
}
