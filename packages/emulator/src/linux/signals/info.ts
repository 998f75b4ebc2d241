import { Signal } from "./numbers.js";

/**
 * A `siginfo_t` as the guest sees it (sigaction(2); include/uapi/asm-generic/siginfo.h): 128 bytes, `si_signo` at 0,
 * `si_errno` at 4, `si_code` at 8, and from 16 on what the kind of signal tells.
 */
export type SignalInfo = Uint8Array;

/** Bytes of a {@link SignalInfo}. */
export const INFO_SIZE = 128;

/** Where a signal comes from (`si_code`); those above 0, but `KERNEL`, depend on the signal. */
export const SignalCode = {
  /** kill(2). */
  USER: 0,
  /** The kernel, for a reason that it does not tell further. */
  KERNEL: 0x80,
  /** sigqueue(3). */
  QUEUE: -1,
  /** A timer of timer_create(2). */
  TIMER: -2,
  /** Input or output became possible (F_SETSIG of fcntl(2)). */
  SIGIO: -5,
  /** tgkill(2). */
  TKILL: -6,
} as const;

/** `si_code` of signals that stand for a fault of an instruction. */
export const FaultCode = {
  ILL_ILLOPC: 1,
  TRAP_BRKPT: 1,
  BUS_ADRALN: 1,
  /** The page of a mapped file lies past the file's end. */
  BUS_ADRERR: 2,
  /** Nothing is mapped there. */
  SEGV_MAPERR: 1,
  /** What is mapped there does not allow the access. */
  SEGV_ACCERR: 2,
} as const;

/** `si_code` of SIGCHLD. */
export const ChildCode = {
  EXITED: 1,
  KILLED: 2,
  DUMPED: 3,
  STOPPED: 5,
  CONTINUED: 6,
} as const;

const TWO_32 = 0x1_0000_0000;

function start(signal: number, code: number): DataView {
  const view = new DataView(new ArrayBuffer(INFO_SIZE));
  view.setInt32(0, signal, true);
  view.setInt32(8, code, true);
  return view;
}

function finish(view: DataView): SignalInfo {
  return new Uint8Array(view.buffer);
}

/** The signal that an info is about (`si_signo`). */
export function infoSignal(info: SignalInfo): number {
  return viewOf(info).getInt32(0, true);
}

/** Where it comes from (`si_code`). */
export function infoCode(info: SignalInfo): number {
  return viewOf(info).getInt32(8, true);
}

function viewOf(info: SignalInfo): DataView {
  return new DataView(info.buffer, info.byteOffset, INFO_SIZE);
}

/** A signal that a process sent by kill(2) or tgkill(2): who it was. */
export function sentInfo(signal: number, code: number, pid: number, uid: number): SignalInfo {
  const view = start(signal, code);
  view.setInt32(16, pid, true);
  view.setUint32(20, uid, true);
  return finish(view);
}

/** A signal of the kernel's own accord, such as SIGALRM. */
export function kernelInfo(signal: number): SignalInfo {
  return sentInfo(signal, SignalCode.KERNEL, 0, 0);
}

/** A fault at an address, of which all 64 bits are told. */
export function faultInfo(signal: number, code: number, address: bigint): SignalInfo {
  const view = start(signal, code);
  view.setBigUint64(16, address, true);
  return finish(view);
}

/** A timer of timer_create(2) with the value that it was given. Its overrun is written when the signal is taken. */
export function timerInfo(signal: number, timer: number, value: bigint): SignalInfo {
  const view = start(signal, SignalCode.TIMER);
  view.setInt32(16, timer, true);
  view.setBigUint64(24, value, true);
  return finish(view);
}

/** Writes how often a timer expired again before its signal was taken (`si_overrun`). */
export function setOverrun(info: SignalInfo, overrun: number): void {
  viewOf(info).setInt32(20, overrun, true);
}

/** What SIGCHLD tells of a child. */
export interface ChildNews {
  /** One of {@link ChildCode}. */
  readonly code: number;
  readonly pid: number;
  readonly uid: number;
  /** Exit code, or the signal that killed, stopped or continued it. */
  readonly status: number;
  /** User time of the child in clock ticks. */
  readonly userTicks: number;
}

/** SIGCHLD, or the signal that clone(2) chose in its place. */
export function childInfo(signal: number, news: ChildNews): SignalInfo {
  const view = start(signal, news.code);
  view.setInt32(16, news.pid, true);
  view.setUint32(20, news.uid, true);
  view.setInt32(24, news.status, true);
  view.setUint32(32, news.userTicks % TWO_32, true);
  view.setUint32(36, Math.floor(news.userTicks / TWO_32), true);
  return finish(view);
}

/** Which fields an info has from byte 16 on (kernel/signal.c, `siginfo_layout`). */
type Layout = "sent" | "queued" | "timer" | "fault" | "child" | "poll" | "syscall";

const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [Signal.SIGILL, "fault"],
  [Signal.SIGFPE, "fault"],
  [Signal.SIGSEGV, "fault"],
  [Signal.SIGBUS, "fault"],
  [Signal.SIGTRAP, "fault"],
  [Signal.SIGCHLD, "child"],
  [Signal.SIGIO, "poll"],
  [Signal.SIGSYS, "syscall"],
]);

function layoutOf(signal: number, code: number): Layout {
  if (code > SignalCode.USER && code < SignalCode.KERNEL) return LAYOUTS.get(signal) ?? "sent";
  if (code === SignalCode.TIMER) return "timer";
  if (code === SignalCode.SIGIO) return "poll";
  return code < 0 && code !== SignalCode.TKILL ? "queued" : "sent";
}

/** Bytes of a `struct signalfd_siginfo`. */
export const FILE_INFO_SIZE = 128;

/** The same told as reading from signalfd(2) does: another arrangement of the fields. */
export function fileInfo(info: SignalInfo): Uint8Array {
  const from = viewOf(info);
  const to = new DataView(new ArrayBuffer(FILE_INFO_SIZE));
  const signal = from.getInt32(0, true);
  const code = from.getInt32(8, true);
  const word = (target: number, source: number): void =>
    to.setUint32(target, from.getUint32(source, true), true);
  const double = (target: number, source: number): void =>
    to.setBigUint64(target, from.getBigUint64(source, true), true);
  word(0, 0); // ssi_signo
  word(4, 4); // ssi_errno
  word(8, 8); // ssi_code
  switch (layoutOf(signal, code)) {
    case "sent":
      word(12, 16); // ssi_pid
      word(16, 20); // ssi_uid
      break;
    case "queued":
      word(12, 16);
      word(16, 20);
      word(44, 24); // ssi_int
      double(48, 24); // ssi_ptr
      break;
    case "timer":
      word(24, 16); // ssi_tid
      word(32, 20); // ssi_overrun
      word(44, 24);
      double(48, 24);
      break;
    case "fault":
      double(72, 16); // ssi_addr
      break;
    case "child":
      word(12, 16);
      word(16, 20);
      word(40, 24); // ssi_status
      double(56, 32); // ssi_utime
      double(64, 40); // ssi_stime
      break;
    case "poll":
      word(28, 16); // ssi_band
      word(20, 24); // ssi_fd
      break;
    case "syscall":
      double(88, 16); // ssi_call_addr
      word(84, 24); // ssi_syscall
      word(96, 28); // ssi_arch
      break;
  }
  return new Uint8Array(to.buffer);
}
