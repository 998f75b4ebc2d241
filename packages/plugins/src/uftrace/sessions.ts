import type { Imports } from "@qpp/core";
import type { LoadedObject, symbols } from "../symbols/contract.js";
import type { CalledFile, CalledFunction, Session } from "./directory.js";

/** What processes have executed, and what was called in it. */
export interface Sessions {
  /** By time. */
  readonly all: readonly Session[];
  /** Files in which something was called, wherever they were loaded. */
  readonly files: Iterable<CalledFile>;
  /** A process executes a program. */
  begin(pid: number, time: number, program: string): void;
  /** A process goes on with what its parent has. */
  inherit(pid: number, parent: number): void;
  /** The running process calls the function at an address. */
  note(pid: number, address: number): void;
}

/** A session that is being written down. */
interface OpenSession extends Session {
  readonly objects: Set<LoadedObject>;
  /** Addresses that need not be looked up again. */
  readonly known: Set<number>;
}

/** A file that more may be called in. */
interface OpenFile extends CalledFile {
  readonly functions: Map<number, CalledFunction>;
}

/** Keeps sessions. Functions are looked up when they are first called: then what they are in is there. */
export function createSessions(names: Imports<typeof symbols>): Sessions {
  const all: OpenSession[] = [];
  const current = new Map<number, OpenSession>();
  const files = new Map<string, OpenFile>();
  // Something else may be loaded there later.
  names.objectUnloaded.register(({ pid }) => current.get(pid)?.known.clear());

  function learn(session: OpenSession, address: number): void {
    session.known.add(address);
    const object = names.objectAt(address);
    if (object === undefined) return;
    session.objects.add(object);
    const { functions } = fileOf(object);
    const offset = address - object.start;
    if (!functions.has(offset)) functions.set(offset, describe(address, offset));
  }

  function fileOf({ path, buildId }: LoadedObject): OpenFile {
    const identity = `${path} ${buildId ?? ""}`;
    let file = files.get(identity);
    if (file === undefined) {
      file = { path, buildId, functions: new Map() };
      files.set(identity, file);
    }
    return file;
  }

  function describe(address: number, offset: number): CalledFunction {
    const found = names.lookup(address);
    // Inside of a function: where a thread was first seen.
    const name = found?.linkageName ?? `0x${address.toString(16)}`;
    return { offset, name: name.replace(/@plt$/, ""), isStub: found?.kind === "plt" };
  }

  return {
    all,
    files: { [Symbol.iterator]: () => files.values() },
    begin(pid, time, program) {
      const id = all.length.toString(16).padStart(16, "0");
      const session: OpenSession = { id, pid, time, program, objects: new Set(), known: new Set() };
      all.push(session);
      current.set(pid, session);
    },
    inherit(pid, parent) {
      const session = current.get(parent);
      if (session) current.set(pid, session);
    },
    note(pid, address) {
      const session = current.get(pid);
      if (session && !session.known.has(address)) learn(session, address);
    },
  };
}
