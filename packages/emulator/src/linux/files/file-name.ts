import { Buffer, isUtf8 } from "node:buffer";

/**
 * File names are bytes (path_resolution(7)), and the guest's need not be UTF-8. Here they are strings, so that messages
 * and plugins can show them: a byte that is no UTF-8 becomes the lone surrogate U+DC00 + byte, which no valid name
 * holds, and turns back into that byte. (PEP 383 describes the scheme.)
 */
const ESCAPE = 0xdc00;
const FIRST_ESCAPED = 0x80;
const LAST_ESCAPED = 0xff;
const escaped: RegExp = /[\udc80-\udcff]/u;

/** A name of the guest or the host as a string. */
export function decodeName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  let text = "";
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceLength(buffer, at);
    text +=
      length > 0 ? buffer.toString("utf8", at, at + length) : String.fromCharCode(ESCAPE + (buffer[at] ?? 0));
    at += Math.max(1, length);
  }
  return text;
}

/** Bytes of the valid UTF-8 character that starts at `at`; 0 if none does. */
function sequenceLength(buffer: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= buffer.length; length += 1) {
    if (isUtf8(buffer.subarray(at, at + length))) return length;
  }
  return 0;
}

/** The bytes of a name that {@link decodeName} made. */
export function encodeName(name: string): Uint8Array {
  if (!escaped.test(name)) return Buffer.from(name, "utf8");
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    const raw = code >= ESCAPE + FIRST_ESCAPED && code <= ESCAPE + LAST_ESCAPED;
    parts.push(raw ? Buffer.of(code - ESCAPE) : Buffer.from(character, "utf8"));
  }
  return Buffer.concat(parts);
}

/** A path as the functions of `node:fs` take it: a string where that is exact, else bytes. */
export function hostPath(path: string): string | Buffer {
  return escaped.test(path) ? Buffer.from(encodeName(path)) : path;
}
