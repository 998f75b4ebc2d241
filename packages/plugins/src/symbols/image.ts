import type { MappedFile, Mapping } from "@qpp/emulator/contract";
import { type ElfFile, openElf } from "@qpp/emulator/elf";
import type { LoadedObject } from "./contract.js";
import { type DebugInfo, openDebugInfo } from "./dwarf/debug-info.js";
import { createSymbolIndex, type SymbolIndex } from "./symbol-index.js";

/** An ELF file, whoever has loaded it: read once. */
export interface Image {
  readonly elf: ElfFile;
  readonly symbols: SymbolIndex;
  /** Its debug information; opened when it is first asked for. */
  debug(): DebugInfo;
}

/** Finds which ELF files are loaded, and keeps what is known of them. */
export interface Images {
  /** The objects that mappings are of, by address: the same objects for the same files at the same places. */
  loaded(mappings: readonly Mapping[]): readonly LoadedObject[];
  /** The file of an object that {@link loaded} gave. */
  of(object: LoadedObject): Image;
}

const PAGE = 4096;
/** Enough for the program headers and the build id of any usual file. */
const HEAD = 0x1000;

/**
 * Makes a place to keep files in.
 * @param damaged told of each file once, if there is debug information in it that cannot be read
 */
export function createImages(damaged: (path: string, problem: string) => void): Images {
  const byFile = new WeakMap<MappedFile, { readonly key: string; readonly image: Image } | undefined>();
  const byKey = new Map<string, Image>();
  const objects = new Map<string, LoadedObject>();
  const images = new WeakMap<LoadedObject, Image>();
  let unnamed = 0;

  function open(file: MappedFile): { readonly key: string; readonly image: Image } | undefined {
    const head = openElf(file.read(0, HEAD));
    if (head === undefined) return undefined;
    // Two processes open a library each; without a build id, files of one name may differ.
    const key = `${file.path} ${file.size()} ${head.buildId ?? `#${unnamed++}`}`;
    let image = byKey.get(key);
    if (image === undefined) {
      const elf = openElf(file.read(0, file.size()));
      if (elf === undefined) return undefined;
      image = { elf, symbols: createSymbolIndex(elf), debug: debugOnce(elf, file.path) };
      byKey.set(key, image);
    }
    return { key, image };
  }

  function debugOnce(elf: ElfFile, path: string): () => DebugInfo {
    let debug: DebugInfo | undefined;
    let isTold = false;
    return () => {
      debug ??= openDebugInfo(elf, (problem) => {
        if (!isTold) damaged(path, problem);
        isTold = true;
      });
      return debug;
    };
  }

  function objectOf({ executable, file, start, offset }: Mapping): LoadedObject | undefined {
    if (!executable || file === undefined) return undefined;
    if (!byFile.has(file)) byFile.set(file, open(file));
    const known = byFile.get(file);
    if (known === undefined) return undefined;
    const { segments, buildId } = known.image.elf;
    const home = segments.find(
      (s) => s.executable && offset >= s.offset - (s.offset % PAGE) && offset < s.offset + s.fileSize,
    );
    if (home === undefined) return undefined;
    const base = start - offset - (home.address - home.offset);
    const id = `${known.key} ${base}`;
    let object = objects.get(id);
    if (object === undefined) {
      const first = Math.min(...segments.map(({ address }) => address));
      const last = Math.max(...segments.map(({ address, memorySize }) => address + memorySize));
      object = {
        path: file.path,
        base,
        start: base + Math.floor(first / PAGE) * PAGE,
        end: base + Math.ceil(last / PAGE) * PAGE,
        buildId,
      };
      objects.set(id, object);
      images.set(object, known.image);
    }
    return object;
  }

  return {
    loaded(mappings) {
      const found = new Set<LoadedObject>();
      for (const mapping of mappings) {
        const object = objectOf(mapping);
        if (object) found.add(object);
      }
      return [...found].sort((a, b) => a.start - b.start);
    },
    of(object) {
      const image = images.get(object);
      if (image === undefined) throw new TypeError(`${object.path} is no object that was loaded here`);
      return image;
    },
  };
}
