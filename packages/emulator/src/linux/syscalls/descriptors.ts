import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { Seal } from "../files/memory/seals.js";
import { isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import { fileKey } from "../mapped-file.js";
import { intArgument, longArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { storeWord } from "../user-memory.js";
import { type LockRequest, lockRange } from "./locking.js";
import { pipeCapacity } from "./pipes.js";

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
  SETOWN: 8,
  GETOWN: 9,
  OFD_GETLK: 36,
  OFD_SETLK: 37,
  OFD_SETLKW: 38,
  DUPFD_CLOEXEC: 1030,
  SETPIPE_SZ: 1031,
  GETPIPE_SZ: 1032,
  ADD_SEALS: 1033,
  GET_SEALS: 1034,
} as const;
const FD_CLOEXEC = 1;
const SETTABLE_FLAGS: number = OpenFlag.APPEND | OpenFlag.NONBLOCK;

/** What can be done with a descriptor that O_PATH gave (open(2)). */
const PATH_COMMANDS: ReadonlySet<number> = new Set([
  Command.DUPFD,
  Command.DUPFD_CLOEXEC,
  Command.GETFD,
  Command.SETFD,
  Command.GETFL,
]);

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
  if (!file || (file.flags & OpenFlag.PATH && !PATH_COMMANDS.has(command))) return -Errno.EBADF;
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
    case Command.OFD_GETLK:
      return lock(context, file, registers, { what: "test", ofFile: command === Command.OFD_GETLK });
    case Command.SETLK:
    case Command.OFD_SETLK:
      return lock(context, file, registers, { what: "set", ofFile: command === Command.OFD_SETLK });
    case Command.SETLKW:
    case Command.OFD_SETLKW:
      return lock(context, file, registers, { what: "wait", ofFile: command === Command.OFD_SETLKW });
    // Nobody is sent SIGIO: there is no O_ASYNC.
    case Command.SETOWN:
    case Command.GETOWN:
      return 0;
    case Command.SETPIPE_SZ:
      return pipeCapacity(file, uintArgument(registers, 2));
    case Command.GETPIPE_SZ:
      return pipeCapacity(file, undefined);
    case Command.ADD_SEALS:
      return addSeals(context, file, uintArgument(registers, 2));
    case Command.GET_SEALS:
      return file.inode?.seals?.set ?? -Errno.EINVAL;
    default:
      return -Errno.EINVAL;
  }
};

const lock = (context: Context, file: OpenFile, registers: Registers, request: LockRequest): number =>
  hostCall(() => lockRange(context, file, wordArgument(registers, 2), request));

/** F_ADD_SEALS of fcntl(2). */
function addSeals(context: Context, file: OpenFile, wanted: number): number {
  const seals = file.inode?.seals;
  if (!seals) return -Errno.EINVAL;
  if (!isWritable(file.flags)) return -Errno.EPERM;
  const mapped = context.memory.host.files.get(fileKey(file.status()))?.writable === true;
  const locked = (seals.set & Seal.SEAL) !== 0;
  return wanted & Seal.WRITE && mapped && !locked ? -Errno.EBUSY : seals.add(wanted);
}

/** Requests of ioctl(2) (ioctl_tty(2)). */
const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TCSETSW = 0x5403;
const TCSETSF = 0x5404;
const TIOCGPGRP = 0x540f;
const TIOCSPGRP = 0x5410;
const TIOCGWINSZ = 0x5413;
const TIOCSWINSZ = 0x5414;
const TIOCGSID = 0x5429;
const FIONREAD = 0x541b;
const FIONBIO = 0x5421;
const FIONCLEX = 0x5450;
const FIOCLEX = 0x5451;

const ioctl: Handler = (context, registers) => {
  const fd = intArgument(registers, 0);
  const request = uintArgument(registers, 1);
  const address = wordArgument(registers, 2);
  const file = context.descriptors.get(fd);
  if (!file || file.flags & OpenFlag.PATH) return -Errno.EBADF;
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

/** Bytes left in a regular file, or in a pipe or socket. What is in a stream is not known before it is read. */
function unread(context: Context, file: OpenFile, address: number): number {
  if (file.unread) return storeWord(context, address, file.unread());
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
    case TIOCSWINSZ:
      return memory.read(address, WINDOW.length) ? 0 : -Errno.EFAULT;
    // There is one terminal, and its foreground is whoever asks: nobody is stopped for using it.
    case TIOCGPGRP:
      return storeWord(context, address, context.process.group);
    case TIOCSPGRP:
      return memory.read(address, 4) ? 0 : -Errno.EFAULT;
    case TIOCGSID:
      return storeWord(context, address, context.process.session);
    default:
      return -Errno.ENOTTY;
  }
}

/** The descriptor table and what is set on descriptors: dup(2), fcntl(2), ioctl(2). */
export const descriptorCalls: HandlerTable = {
  dup,
  dup3,
  fcntl,
  ioctl,
};
