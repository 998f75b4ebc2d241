import type { Scoreboard, ScoreboardEntry } from "../contract/scoreboard.js";
import type { Cells } from "./cells.js";

const entryCells = new WeakMap<ScoreboardEntry, number>();

/** Offset of an entry's cell. @throws TypeError for an entry that this machine's scoreboards did not hand out. */
export function cellOf(entry: ScoreboardEntry): number {
  const cell = entryCells.get(entry);
  if (cell === undefined)
    throw new TypeError("not an entry of a scoreboard made by machine.scoreboards.create");
  return cell;
}

/** Makes a scoreboard of `size` entries. @throws RangeError, MachineMemoryError */
export function createScoreboard(cells: Cells, size: number): Scoreboard & { free(): void } {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`a scoreboard has a whole number of entries, at least 1; got ${size}`);
  }
  const offset = cells.allocate(size);
  let freed = false;

  function checkVcpu(vcpu: number): void {
    if (!Number.isInteger(vcpu) || vcpu < 0 || vcpu >= cells.vcpus) {
      throw new RangeError(`there is no vCPU ${vcpu}; there are ${cells.vcpus}`);
    }
  }

  const scoreboard: Scoreboard & { free(): void } = {
    size,
    entry(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size) {
        throw new RangeError(`the scoreboard has no entry ${index}; it has ${size}`);
      }
      const cell = offset + index * 8;
      const entry: ScoreboardEntry = {
        scoreboard,
        index,
        get(vcpu) {
          checkVcpu(vcpu);
          return cells.read(cell, vcpu);
        },
        set(vcpu, value) {
          checkVcpu(vcpu);
          cells.write(cell, vcpu, BigInt(value));
        },
        add(vcpu, value) {
          checkVcpu(vcpu);
          cells.add(cell, vcpu, BigInt(value));
        },
        sum: () => cells.sum(cell),
      };
      entryCells.set(entry, cell);
      return entry;
    },
    of(vcpu) {
      checkVcpu(vcpu);
      return cells.view(offset, vcpu, size);
    },
    free() {
      if (freed) return;
      freed = true;
      cells.free(offset, size);
    },
  };
  return scoreboard;
}
