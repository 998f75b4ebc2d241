/** What watched bytes were when they were last looked at, by process. */
export interface Shadow {
  /** Looks; gives what they were the last time and what they are. Undefined if they are not there, or were not the last time. */
  look(pid: number): { readonly before: Uint8Array; readonly after: Uint8Array } | undefined;
  /** What they were the last time, without looking. */
  known(pid: number): Uint8Array | undefined;
  forget(pid: number): void;
}

/** @param read of the running process; undefined for what is not mapped */
export function createShadow(read: () => Uint8Array | undefined): Shadow {
  const last = new Map<number, Uint8Array>();
  return {
    look(pid) {
      const before = last.get(pid);
      const after = read();
      if (after === undefined) last.delete(pid);
      else last.set(pid, after);
      return before && after && { before, after };
    },
    known: (pid) => last.get(pid),
    forget: (pid) => void last.delete(pid),
  };
}

/** From the first byte to the last one that differs between two values of one size; undefined if they are the same. */
export function difference(a: Uint8Array, b: Uint8Array): { offset: number; length: number } | undefined {
  const offset = a.findIndex((byte, i) => byte !== b[i]);
  return offset < 0
    ? undefined
    : { offset, length: a.findLastIndex((byte, i) => byte !== b[i]) + 1 - offset };
}

const MOST_SHOWN = 16;

/** A value of 1, 2, 4 or 8 bytes as a number in hexadecimal; any other one byte by byte. */
export function valueText(bytes: Uint8Array): string {
  if (bytes.length > MOST_SHOWN) return `${valueText(bytes.subarray(0, MOST_SHOWN - 1))} ...`;
  const digits = (list: readonly number[]): string =>
    list.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const list = [...bytes];
  if (![1, 2, 4, 8].includes(list.length)) return list.map((byte) => digits([byte])).join(" ");
  return `0x${digits(list.reverse()).replace(/^0+(?=.)/, "")}`;
}
