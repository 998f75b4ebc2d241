/** A leaf of a JSON value. */
export interface Leaf {
  /** As a JSON path (RFC 9535): `$.calls.write`, `$.blocks[0].pc`, `$["a b"]`. */
  readonly path: string;
  readonly value: string | number | boolean;
}

/** All numbers, texts and truth values in a JSON value, in their order. */
export function* leavesOf(value: unknown, path = "$"): Generator<Leaf> {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    yield { path, value };
  } else if (Array.isArray(value)) {
    for (const [i, each] of value.entries()) yield* leavesOf(each, `${path}[${i}]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* leavesOf(each, path + member(key));
  }
}

function member(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
