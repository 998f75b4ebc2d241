import { homedir } from "node:os";
import { join } from "node:path";

/** The folder that keeps the root and what is needed to make it: `$QPP_CACHE`, or else `$XDG_CACHE_HOME/qpp`, or `~/.cache/qpp`. */
export function cacheFolder() {
  const { QPP_CACHE, XDG_CACHE_HOME } = process.env;
  return join(QPP_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "qpp"), "debian-riscv64");
}

/** Debian's root file system for riscv64, once it is made. */
export function rootFolder() {
  return join(cacheFolder(), "root");
}
