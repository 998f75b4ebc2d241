const SECOND = 1_000_000_000;

/** What time it is on each vCPU: instructions take time, and so do waits. Times are nanoseconds of the guest's clock. */
export interface Pacer {
  /** A vCPU begins, now. */
  started(vcpu: number): void;
  /** It has executed so many more instructions. @returns its time */
  executed(vcpu: number, instructions: number): number;
  /** It goes on after waiting, before which it had executed so many more instructions. */
  waited(vcpu: number, instructions: number): void;
  /** All instructions so far. */
  instructions(): number;
}

/**
 * @param ips instructions per second
 * @param now the guest's clock
 */
export function createPacer(ips: number, now: () => number): Pacer {
  // Counted from the last wait on: sums of the times of quanta would sum up what was rounded, too.
  const vcpus: { since: number; instructions: number }[] = [];
  let instructions = 0;

  const timeOf = ({ since, instructions }: { since: number; instructions: number }): number =>
    since + Math.floor((instructions / ips) * SECOND);
  const executed = (vcpu: number, more: number): number => {
    let state = vcpus[vcpu];
    if (state === undefined) {
      state = { since: now(), instructions: 0 };
      vcpus[vcpu] = state;
    }
    state.instructions += more;
    instructions += more;
    return timeOf(state);
  };
  return {
    started(vcpu) {
      vcpus[vcpu] = { since: now(), instructions: 0 };
    },
    executed,
    waited(vcpu, more) {
      vcpus[vcpu] = { since: Math.max(executed(vcpu, more), now()), instructions: 0 };
    },
    instructions: () => instructions,
  };
}
