/** Which files are open, by their identity, whatever they were opened as: by all processes together. */
export interface FileUsers {
  /** Counts one more open description. */
  opened(identity: string): void;
  closed(identity: string): void;
  isOpen(identity: string): boolean;
}

/** Makes an empty set of users. */
export function createFileUsers(): FileUsers {
  const open = new Map<string, number>();
  return {
    opened: (identity) => void open.set(identity, (open.get(identity) ?? 0) + 1),
    closed(identity) {
      const left = (open.get(identity) ?? 1) - 1;
      if (left > 0) open.set(identity, left);
      else open.delete(identity);
    },
    isOpen: (identity) => open.has(identity),
  };
}
