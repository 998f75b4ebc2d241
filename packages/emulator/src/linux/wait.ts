/** What a system call waits for that cannot go on yet. */
export interface Wait {
  /** Whether the call is worth trying again. */
  ready(): boolean;
  /**
   * When to try again at the latest: nanoseconds of the guest's clock, as {@link Clock.nanoseconds} counts them. Asked anew
   * each time that it matters: another task may set a timer that is waited for.
   */
  readonly deadline?: number | undefined;
  /** False: a handled signal ends the call with EINTR even under SA_RESTART (signal(7), "Interruption of system calls"). */
  readonly restart?: boolean;
  /** False: signals wait as well. */
  readonly interruptible?: boolean;
  /** Whether the world outside may make it ready. Asked when nobody in the guest can go on. */
  readonly host?: boolean;
  /**
   * Called if the wait ends otherwise, by a signal or with the thread: undoes what was begun for it, or says with
   * the context's `progress` what of it was done.
   */
  abandon?(): void;
}
