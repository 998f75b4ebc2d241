import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { hex, table } from "../text.js";
import { type LoadedObject, type SourceFrame, type SymbolFact, symbols } from "./contract.js";
import { demangle } from "./demangle.js";
import type { DebugFrame } from "./dwarf/debug-info.js";
import { createImages } from "./image.js";
import { createLoadedObjects } from "./loaded-objects.js";
import { parsePattern } from "./pattern.js";
import type { FileSymbol } from "./symbol-index.js";

/** Tells names of addresses, and addresses of names, in the program and in all libraries that it has loaded. */
export default plugin(symbols, {
  description:
    "Names for addresses in all that is loaded, libraries and PLT stubs too, and addresses for names",
  requires: { machine },
  install({ machine, callbacks, log, report, summary, saveTable }) {
    const images = createImages((path, problem) =>
      log(`the debug information of ${path} is damaged, and used as far as it can be read: ${problem}`),
    );
    const objects = createLoadedObjects(
      { process: machine.process, mappings: machine.mappings, find: images.loaded },
      { loaded: callbacks.objectLoaded.run, unloaded: callbacks.objectUnloaded.run },
    );
    const seen = new Set(objects.list());
    const update = (): void => {
      objects.update();
      for (const object of objects.list()) seen.add(object);
    };
    machine.processChanged.register(update);
    machine.mapped.register(update);
    machine.unmapped.register(update);
    machine.processEnded.register(({ pid }) => objects.forget(pid));

    const symbolAt = (address: number): SymbolFact | undefined => {
      const object = objects.at(address);
      const found = object && images.of(object).symbols.at(address - object.base);
      return found && placed(found, object);
    };

    report(() => ({
      objects: [...seen].map(({ path, base, start, end, buildId }) => ({
        path,
        base: hex(base),
        start: hex(start),
        end: hex(end),
        buildId: buildId ?? null,
      })),
    }));
    saveTable(
      "objects",
      {
        path: ["text", "Path of a program or library that some process had loaded, as the guest names it"],
        base: ["address", "Its load bias: what an address in a process is more than in the file"],
        start_address: ["address", "First address of its segments, in the process"],
        end_address: ["address", "First address past them"],
        build_id: ["text", "The linker's build id in hexadecimal; null for a file without one"],
      },
      () =>
        [...seen].map(({ path, base, start, end, buildId }) => ({
          path,
          base,
          start_address: start,
          end_address: end,
          build_id: buildId,
        })),
    );
    summary(() =>
      table(
        ["base", "end", "object"],
        [...seen].map(({ base, end, path }) => [hex(base), hex(end), path]),
      ),
    );

    return {
      objects: objects.list,
      objectAt: objects.at,
      lookup(address) {
        const found = symbolAt(address);
        return found && { ...found, offset: address - found.start };
      },
      lines(address): readonly SourceFrame[] {
        const object = objects.at(address);
        const frames =
          object === undefined
            ? []
            : images
                .of(object)
                .debug()
                .framesAt(address - object.base);
        const symbol = symbolAt(address);
        if (frames.length > 0)
          return frames.map((frame, i) => sourceFrame(frame, i === 0 ? symbol : undefined));
        if (symbol === undefined) return [];
        const { name, linkageName } = symbol;
        const [file, line, column] = [undefined, undefined, undefined];
        return [{ function: name, linkageName, file, line, column, inlined: false }];
      },
      *lineTable(object) {
        for (const { start, end, ...row } of images.of(object).debug().rows()) {
          yield { start: start + object.base, end: end + object.base, ...row };
        }
      },
      functionsOf(object) {
        const { symbols: known, debug } = images.of(object);
        const starts = new Set(
          known
            .find(ALL)
            .filter(({ kind }) => kind === "function")
            .map(({ start }) => start),
        );
        return [...starts].map((start) => {
          const [outermost] = debug().framesAt(start);
          const name = known.at(start)?.name ?? "";
          return { name, start: start + object.base, file: outermost?.file, line: outermost?.line };
        });
      },
      find(pattern) {
        const [, place, name = pattern] = /^([^!/]+)!(.+)$/s.exec(pattern) ?? [];
        const wanted = parsePattern(name);
        return objects
          .list()
          .filter(({ path }) => place === undefined || path.split("/").at(-1) === place)
          .flatMap((object) =>
            images
              .of(object)
              .symbols.find(wanted)
              .map((each) => placed(each, object)),
          );
      },
    };
  },
});

const ALL = parsePattern("*");

/** A frame for others; what debug information has no linkage name for is called by its symbol, if it is the outermost. */
function sourceFrame(
  { name, linkageName, file, line, column, isInlined }: DebugFrame,
  symbol: SymbolFact | undefined,
): SourceFrame {
  return {
    function: linkageName === undefined ? (name ?? symbol?.name) : demangle(linkageName),
    linkageName: linkageName ?? symbol?.linkageName,
    file,
    line,
    column,
    inlined: isInlined,
  };
}

/** A symbol of a file where it is in the process. */
function placed(symbol: FileSymbol, object: LoadedObject): SymbolFact {
  return { ...symbol, start: symbol.start + object.base, object };
}
