import * as v from "valibot";
import { type Argument, mustBe } from "../arguments.js";

const SCALES: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };
const RATE = /^(\d+)([kmg]?)$/i;

/** A number of instructions per second: digits, and k, m or g for thousands, millions or billions. */
export function rate(about: string, initial: string): Argument<number> {
  const form = "a whole number from 1 on, with k, m or g behind it or without";
  return v.optional(
    v.pipe(
      v.string(),
      v.description(`${about}; ${form}`),
      v.regex(RATE, mustBe(form)),
      v.transform((text) => {
        const [, digits, suffix = ""] = RATE.exec(text) ?? [];
        return Number(digits) * (SCALES[suffix.toLowerCase()] ?? 1);
      }),
      v.minValue(1, mustBe(form)),
      v.maxValue(Number.MAX_SAFE_INTEGER, mustBe(form)),
    ),
    initial,
  );
}
