/** The exit code for whatever fails on our side; the guest's own codes are its own. As `docker run` and `env` have it. */
export const OWN_FAILURE = 125;

/** Something that the user has to know, and no bug: told in one message, without a stack, and the command ends with 125. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of an error of Node's, such as `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** In plain words, why an operation on a file failed. */
export function fileProblem(thrown: unknown): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EPERM: "operation not permitted",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of the path is not a directory",
    ENOSPC: "no space left on the device",
    EROFS: "the file system is read-only",
    ELOOP: "too many symbolic links",
    ENAMETOOLONG: "the name is too long",
    EPIPE: "nobody reads it any more",
    EFBIG: "the file would be too big",
  };
  return words[codeOf(thrown) ?? ""] ?? messageOf(thrown);
}
