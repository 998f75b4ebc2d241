import type { ConsumerScope } from "../consumer.js";
import { PluginGoneError } from "../errors.js";
import type { FileContent, FileName, FileSink, OpenFile, OutputFile } from "../files.js";

/** The files of one plugin. */
export interface PluginFiles {
  /** @see BaseContext.save */
  readonly save: (name: FileName, content: () => FileContent) => void;
  /** @see BaseContext.open */
  readonly open: (name: FileName) => OutputFile | undefined;
  /** Closes what is open and writes what is to be saved, each once. What goes wrong is the plugin's fault. */
  readonly finish: () => void;
}

/** @param openFile how the host makes files; undefined if it makes none */
export function createPluginFiles(scope: ConsumerScope, openFile: OpenFile | undefined): PluginFiles {
  const toSave: { readonly name: FileName; readonly content: () => FileContent }[] = [];
  const opened = new Map<FileSink, FileName>();

  const attempt = (name: FileName, action: () => void): void => {
    try {
      action();
    } catch (cause) {
      scope.fault(`file ${textOf(name)}`, cause);
    }
  };

  return {
    save(name, content) {
      toSave.push({ name, content });
    },
    open(name) {
      const sink = openFile?.(scope.name, name);
      if (!sink) return undefined;
      opened.set(sink, name);
      // For a plugin that cannot be installed after all.
      scope.add(() => {
        if (opened.delete(sink)) sink.close();
      });
      return {
        write(chunk) {
          if (!opened.has(sink)) throw new PluginGoneError(scope.name, `file ${textOf(name)}`);
          sink.write(chunk);
        },
      };
    },
    finish() {
      for (const [sink, name] of opened) {
        // First: if this is a fault, the plugin is uninstalled, and comes here again.
        opened.delete(sink);
        attempt(name, () => sink.close());
      }
      for (const { name, content } of toSave.splice(0)) {
        attempt(name, () => {
          const sink = openFile?.(scope.name, name);
          if (sink) writeAll(sink, content());
        });
      }
    },
  };
}

function writeAll(sink: FileSink, content: FileContent): void {
  try {
    if (typeof content === "string" || content instanceof Uint8Array) sink.write(content);
    else for (const chunk of content) sink.write(chunk);
  } finally {
    sink.close();
  }
}

function textOf(name: FileName): string {
  return typeof name === "string" ? name : name.path;
}
