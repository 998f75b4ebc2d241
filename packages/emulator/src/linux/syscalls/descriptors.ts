import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { type OpenFile, OpenFlag } from "../files/open-file.js";
import { intArgument, longArgument, uintArgument, wordArgument } from "../registers.js";
import { storeWord } from "../user-memory.js";

/** Commands of fcntl(2) (include/uapi/asm-generic/fcntl.h; include/uapi/linux/fcntl.h). */
const Command = {
  DUPFD: 0,
  GETFD: 1,
  SETFD: 2,
  GETFL: 3,
  SETFL: 4,
  GETLK: 5,
  SETLK: 6,
  SETLKW: 7,
  DUPFD_CLOEXEC: 1030,
} as const;
const FD_CLOEXEC = 1;
/** `l_type` of `struct flock`: no lock. */
const F_UNLCK = 2;
const SETTABLE_FLAGS: number = OpenFlag.APPEND | OpenFlag.NONBLOCK;

const dup: Handler = (context, registers) => {
  const file = context.descriptors.get(intArgument(registers, 0));
  return file ? context.descriptors.add(file, false) : -Errno.EBADF;
};

const dup3: Handler = (context, registers) => {
  const from = intArgument(registers, 0);
  const to = intArgument(registers, 1);
  const flags = uintArgument(registers, 2);
  if (flags & ~OpenFlag.CLOEXEC || from === to) return -Errno.EINVAL;
  const file = context.descriptors.get(from);
  return file ? context.descriptors.place(to, file, (flags & OpenFlag.CLOEXEC) !== 0) : -Errno.EBADF;
};

const fcntl: Handler = (context, registers) => {
  const { descriptors } = context;
  const fd = intArgument(registers, 0);
  const command = intArgument(registers, 1);
  const file = descriptors.get(fd);
  if (!file) return -Errno.EBADF;
  switch (command) {
    case Command.DUPFD:
    case Command.DUPFD_CLOEXEC: {
      const lowest = longArgument(registers, 2);
      if (lowest < 0 || lowest >= descriptors.limit) return -Errno.EINVAL;
      return descriptors.add(file, command === Command.DUPFD_CLOEXEC, lowest);
    }
    case Command.GETFD:
      return descriptors.closesOnExec(fd) ? FD_CLOEXEC : 0;
    case Command.SETFD:
      descriptors.setCloseOnExec(fd, (longArgument(registers, 2) & FD_CLOEXEC) !== 0);
      return 0;
    case Command.GETFL:
      return file.flags | OpenFlag.LARGEFILE;
    case Command.SETFL:
      file.flags = (file.flags & ~SETTABLE_FLAGS) | (uintArgument(registers, 2) & SETTABLE_FLAGS);
      return 0;
    case Command.GETLK:
      return unlocked(context, wordArgument(registers, 2));
    case Command.SETLK:
    case Command.SETLKW:
      return context.memory.read(wordArgument(registers, 2), 32) ? 0 : -Errno.EFAULT;
    default:
      return -Errno.EINVAL;
  }
};

/** There is no other process that could hold a lock. */
function unlocked(context: Context, address: number): number {
  if (!context.memory.writable(address, 32)) return -Errno.EFAULT;
  context.memory.view.setInt16(address, F_UNLCK, true);
  return 0;
}

/** Requests of ioctl(2) (ioctl_tty(2)). */
const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TCSETSW = 0x5403;
const TCSETSF = 0x5404;
const TIOCGPGRP = 0x540f;
const TIOCGWINSZ = 0x5413;
const FIONREAD = 0x541b;
const FIONBIO = 0x5421;
const FIONCLEX = 0x5450;
const FIOCLEX = 0x5451;

const ioctl: Handler = (context, registers) => {
  const fd = intArgument(registers, 0);
  const request = uintArgument(registers, 1);
  const address = wordArgument(registers, 2);
  const file = context.descriptors.get(fd);
  if (!file) return -Errno.EBADF;
  if (request === FIOCLEX || request === FIONCLEX) {
    context.descriptors.setCloseOnExec(fd, request === FIOCLEX);
    return 0;
  }
  if (request === FIONBIO) return setNonBlocking(context, file, address);
  if (request === FIONREAD && !file.terminal) return hostCall(() => unread(context, file, address));
  return file.terminal ? terminalControl(context, request, address) : -Errno.ENOTTY;
};

function setNonBlocking(context: Context, file: OpenFile, address: number): number {
  if (!context.memory.read(address, 4)) return -Errno.EFAULT;
  const on = context.memory.view.getInt32(address, true) !== 0;
  file.flags = on ? file.flags | OpenFlag.NONBLOCK : file.flags & ~OpenFlag.NONBLOCK;
  return 0;
}

/** Bytes left in a regular file. What is in a stream is not known before it is read. */
function unread(context: Context, file: OpenFile, address: number): number {
  const position = file.seek(0, 1);
  if (position < 0 || file.isDirectory) return -Errno.ENOTTY;
  return storeWord(context, address, file.status().size - position);
}

/** Rows and columns, then two sizes in pixels (ioctl_tty(2)). The same on every host. */
const WINDOW: Uint8Array = Uint8Array.of(24, 0, 80, 0, 0, 0, 0, 0);
/** `struct termios` of a terminal fresh from login: c_iflag, c_oflag, c_cflag, c_lflag, c_line, 19 of c_cc. */
const TERMIOS: Uint8Array = Uint8Array.of(
  ...[0x00, 0x05, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0xbf, 0x00, 0x00, 0x00, 0x3b, 0x8a, 0x00, 0x00, 0x00],
  ...[3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0],
);

function terminalControl(context: Context, request: number, address: number): number {
  const { memory } = context;
  switch (request) {
    case TCGETS:
      return memory.write(address, TERMIOS) ? 0 : -Errno.EFAULT;
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
      return memory.read(address, TERMIOS.length) ? 0 : -Errno.EFAULT;
    case TIOCGWINSZ:
      return memory.write(address, WINDOW) ? 0 : -Errno.EFAULT;
    case TIOCGPGRP:
      return storeWord(context, address, context.identity.pid);
    default:
      return -Errno.ENOTTY;
  }
}

/** The descriptor table and what is set on descriptors: dup(2), fcntl(2), ioctl(2), flock(2). */
export const descriptorCalls: HandlerTable = {
  dup,
  dup3,
  fcntl,
  ioctl,
  flock: (context, registers) => (context.descriptors.get(intArgument(registers, 0)) ? 0 : -Errno.EBADF),
};
