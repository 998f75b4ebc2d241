/** For how long a loop runs before it is measured, in milliseconds: until the engine has compiled it for good. */
const WARM_UP = 600;
const BATCHES = 60;
/** So short that on a busy machine some batches are not interrupted. */
const MILLISECONDS = 1;

/**
 * The least nanoseconds an event of `batch(events)`, over many batches. The least, since whatever else runs on a machine can
 * only add to it.
 *
 * @param atLeast events that a batch must have, a power of two
 * @param fresh called between warm-up and measuring
 * @returns with how many events and how many batches it was measured
 */
export function least(batch, { atLeast = 64, fresh = () => {} } = {}) {
  const took = (events) => {
    const start = performance.now();
    batch(events);
    return performance.now() - start;
  };
  let events = atLeast;
  const warm = performance.now() + WARM_UP;
  while (performance.now() < warm) {
    const milliseconds = took(events);
    if (milliseconds < MILLISECONDS) events *= 2;
    else if (milliseconds > 4 * MILLISECONDS && events > atLeast) events /= 2;
  }
  fresh();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < BATCHES; i++) best = Math.min(best, took(events));
  return { nanoseconds: (best * 1e6) / events, events, batches: BATCHES };
}
