/** Debian's release; the first with riscv64 in its main archive. */
export const CODENAME = "trixie";

/** Names under which a mirror offers it. A mirror that is half way through a point release may have one of them whole, and not the other. */
export const SUITES = [CODENAME, "stable"];

/** What is asked for; apt adds what these depend on. Packages that Debian holds to be installed anyway are named where needed. */
export const PACKAGES = [
  ...["base-files", "base-passwd", "libc-bin", "dash", "bash", "busybox"],
  ...["coreutils", "sed", "grep", "findutils", "gawk", "diffutils", "tar", "gzip", "xz-utils", "bzip2"],
  ...["perl-base", "python3", "sqlite3", "git", "make", "gcc", "g++", "libc6-dev", "musl-tools"],
];
