/** What a signal does to a process that did not say otherwise (signal(7), "Standard signals"). */
export type DefaultAction = "terminate" | "core" | "ignore" | "stop" | "continue";

/** Signal numbers of riscv64 Linux, which are the generic ones (include/uapi/asm-generic/signal.h). */
export const Signal = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

/** Highest signal number; from 32 on they are real-time signals. */
export const LAST_SIGNAL = 64;
/** The first real-time signal, as the kernel counts. */
export const FIRST_REAL_TIME = 32;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Signal).map(([name, number]) => [number, name]),
);

const ACTIONS: ReadonlyMap<number, DefaultAction> = new Map<number, DefaultAction>([
  ...[
    Signal.SIGQUIT,
    Signal.SIGILL,
    Signal.SIGTRAP,
    Signal.SIGABRT,
    Signal.SIGBUS,
    Signal.SIGFPE,
    Signal.SIGSEGV,
    Signal.SIGXCPU,
    Signal.SIGXFSZ,
    Signal.SIGSYS,
  ].map((signal) => [signal, "core"] as const),
  ...[Signal.SIGCHLD, Signal.SIGURG, Signal.SIGWINCH].map((signal) => [signal, "ignore"] as const),
  ...[Signal.SIGSTOP, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU].map(
    (signal) => [signal, "stop"] as const,
  ),
  [Signal.SIGCONT, "continue"],
]);

/** The name of a signal: `signalName(11)` is `"SIGSEGV"`, `signalName(34)` is `"SIGRTMIN+2"` as the kernel counts. */
export function signalName(signal: number): string {
  const known = NAMES.get(signal);
  if (known) return known;
  return signal >= FIRST_REAL_TIME && signal <= LAST_SIGNAL
    ? `SIGRTMIN+${signal - FIRST_REAL_TIME}`
    : `signal ${signal}`;
}

/** What a signal does unless a process says otherwise. */
export function defaultAction(signal: number): DefaultAction {
  return ACTIONS.get(signal) ?? "terminate";
}
