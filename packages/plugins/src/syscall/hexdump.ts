const BYTES_PER_LINE = 16;

/** Bytes in hexadecimal, 16 a line, and beside them as text, a dot for what cannot be seen (`isgraph` of C). */
export function hexdump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += BYTES_PER_LINE) {
    const line = [...bytes.subarray(start, start + BYTES_PER_LINE)];
    const digits = line.map((byte) => `${byte.toString(16).padStart(2, "0")} `).join("");
    const text = line.map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${digits.padEnd(3 * BYTES_PER_LINE)} | ${text}`);
  }
  return lines.join("\n");
}
