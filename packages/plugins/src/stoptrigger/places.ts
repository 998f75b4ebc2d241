import * as v from "valibot";
import { type Argument, list, mustBe } from "../arguments.js";

/** Where to stop, an address or a number of instructions, and with which exit code. */
export interface Place {
  readonly at: number;
  readonly code: number;
}

const NUMBER = String.raw`\d+|0x[\da-f]+`;
const PLACE = new RegExp(`^(${NUMBER})(?::(${NUMBER}))?$`, "i");
const MAX_CODE = 255;

function parse(text: string): Place {
  const [, at, code = "0"] = PLACE.exec(text) ?? [];
  return { at: Number(at), code: Number(code) };
}

function isPlace(least: number): (text: string) => boolean {
  return (text) => {
    const { at, code } = parse(text);
    return Number.isSafeInteger(at) && at >= least && code <= MAX_CODE;
  };
}

/** A number of instructions, and behind a colon an exit code. */
export function icount(about: string): v.GenericSchema<string | undefined, Place | undefined> {
  const form = "N or N:CODE, whole numbers from 1 on, and from 0 to 255";
  return v.optional(
    v.pipe(
      v.string(),
      v.description(`${about}; ${form}`),
      v.check(isPlace(1), mustBe(form)),
      v.transform(parse),
    ),
  );
}

/** Addresses, each with an exit code behind a colon; of two codes for one address the last counts. */
export function addresses(about: string): Argument<ReadonlyMap<number, number>> {
  const form = "ADDRESS or ADDRESS:CODE, a whole number, and one from 0 to 255";
  return v.pipe(
    list(`${about}; ${form}`),
    v.everyItem(isPlace(0), mustBe(form)),
    v.transform((texts) => new Map(texts.map(parse).map(({ at, code }) => [at, code]))),
  );
}
