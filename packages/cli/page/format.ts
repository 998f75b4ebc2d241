/** A count with blanks between thousands. */
export function count(value: number): string {
  return value.toLocaleString("en").replaceAll(",", "\u202f");
}

/** A share of a whole, in percent. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? "0" : ((100 * part) / whole).toFixed(1)} %`;
}

/** An address in hexadecimal. */
export function address(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Whether what was searched for occurs in a text; nothing occurs nowhere. */
export function matches(text: string, search: string): boolean {
  return search !== "" && text.toLowerCase().includes(search.toLowerCase());
}
