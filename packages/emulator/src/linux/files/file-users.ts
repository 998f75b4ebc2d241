/** Who uses which file, by its identity, whatever it was opened as: all processes together. */
export interface FileUsers {
  /** Counts one more open description; `writes`: bytes can be written by it. */
  opened(identity: string, writes: boolean): void;
  closed(identity: string, writes: boolean): void;
  isOpen(identity: string): boolean;
  /** Whether somebody has it open for writing: it cannot be executed then (execve(2), ETXTBSY). */
  isWritten(identity: string): boolean;
  /** Counts one more address space that executes it. */
  startExecution(identity: string): void;
  endExecution(identity: string): void;
  /** Whether it is executed: it cannot be opened for writing then (open(2), ETXTBSY). */
  isExecuted(identity: string): boolean;
}

/** Makes an empty set of users. */
export function createFileUsers(): FileUsers {
  const open = new Map<string, number>();
  const writing = new Map<string, number>();
  const executing = new Map<string, number>();
  return {
    opened(identity, writes) {
      count(open, identity, 1);
      if (writes) count(writing, identity, 1);
    },
    closed(identity, writes) {
      count(open, identity, -1);
      if (writes) count(writing, identity, -1);
    },
    isOpen: (identity) => open.has(identity),
    isWritten: (identity) => writing.has(identity),
    startExecution: (identity) => count(executing, identity, 1),
    endExecution: (identity) => count(executing, identity, -1),
    isExecuted: (identity) => executing.has(identity),
  };
}

function count(users: Map<string, number>, identity: string, change: 1 | -1): void {
  const now = (users.get(identity) ?? 0) + change;
  if (now > 0) users.set(identity, now);
  else users.delete(identity);
}
