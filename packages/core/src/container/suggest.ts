/**
 * The name nearest to `name`, for a "did you mean"; undefined when none is near enough to be a slip: at most one letter in
 * three wrong, missing, too many or swapped with its neighbour. Of two that are as near, the first in the alphabet.
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of [...names].sort()) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  // Costs of making the first letters of `b`, none to all, of the first letters of `a`; and those of one letter of `a` less.
  let row = Array.from({ length: b.length + 1 }, (_, j) => ({ cost: j, before: FAR }));
  let left = b.length;
  for (let i = 0; i < a.length; i++) {
    let [aslant, twiceAslant, beforeAslant] = [FAR, FAR, FAR];
    left = FAR;
    row = row.map(({ cost: above, before }, j) => {
      const substituted = aslant + (a[i] === b[j - 1] ? 0 : 1);
      const swapped = a[i] === b[j - 2] && a[i - 1] === b[j - 1] ? twiceAslant + 1 : FAR;
      left = Math.min(above + 1, left + 1, substituted, swapped);
      [aslant, twiceAslant, beforeAslant] = [above, beforeAslant, before];
      return { cost: left, before: above };
    });
  }
  return left;
}

const FAR = Number.POSITIVE_INFINITY;
