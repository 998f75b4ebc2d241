import * as v from "valibot";
import { mustBe } from "../arguments.js";

/** An argument that must be given: bytes, each as two hexadecimal digits. */
export function hexBytes(about: string): v.GenericSchema<string, Uint8Array> {
  const form = "an even number of hexadecimal digits";
  return v.pipe(
    v.string(),
    v.description(`${about}; ${form}`),
    v.regex(/^([\da-f]{2})+$/i, mustBe(form)),
    v.transform((digits) => Uint8Array.from(Buffer.from(digits, "hex"))),
  );
}
