/**
 * What a file of a plugin is called: a name, in the folder that the host has for such files, if it has one; or a path that the
 * user gave for it, which is taken as it is.
 */
export type FileName = string | { readonly path: string };

/** A piece of a file: text, written as UTF-8, or bytes, which may be changed once they have been taken. */
export type FileChunk = string | Uint8Array;

/** What a file is to hold: at once, or piece by piece, for what would not fit into memory. */
export type FileContent = FileChunk | Iterable<FileChunk>;

/** A file that is being written. */
export interface OutputFile {
  /** Adds to its end. @throws Error telling which file cannot be written, and why; a full disk, for example */
  write(chunk: FileChunk): void;
}

/** The host's end of an {@link OutputFile}. */
export interface FileSink extends OutputFile {
  /** Nothing more comes. @throws Error when what was written before cannot be kept after all */
  close(): void;
}

/**
 * Makes a file for a plugin; undefined where nobody wants files of that kind of name.
 * @throws Error telling which file cannot be made, and why
 */
export type OpenFile = (plugin: string, name: FileName) => FileSink | undefined;
