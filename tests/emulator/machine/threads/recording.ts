import { createHash } from "node:crypto";
import type { Cpu } from "@qpp/emulator/contract";
import { infoOf } from "../lanes/reference.js";
import type { Rig } from "../rig.js";

const KINDS = { block: 0, instruction: 1, access: 2 } as const;
const COLUMNS = 7;

/** What a run showed. */
export interface Recording {
  /** SHA-256 of all events, in their order, with all that is told of them. */
  readonly digest: string;
  readonly events: number;
  /** The rarer events: those of system calls, vCPUs, processes and signals. */
  readonly told: readonly string[];
}

/** Listens to everything that a machine tells, on the direct lane. Call the result when the guest has ended. */
export function record({ api }: Rig): () => Recording {
  const hash = createHash("sha256");
  const columns = new Float64Array(COLUMNS * 4096);
  const bytes = new Uint8Array(columns.buffer);
  const told: string[] = [];
  let filled = 0;
  let events = 0;

  function flush(): void {
    hash.update(bytes.subarray(0, 8 * filled));
    filled = 0;
  }

  function put(kind: number, cpu: Cpu, a: number, b: number, c: number, d: number): void {
    if (filled === columns.length) flush();
    columns[filled++] = kind;
    columns[filled++] = cpu.index;
    columns[filled++] = cpu.executed;
    columns[filled++] = a;
    columns[filled++] = b;
    columns[filled++] = c;
    columns[filled++] = d;
    events++;
  }

  function tell(...what: readonly unknown[]): void {
    const line = what.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ");
    flush();
    hash.update(`${line} ${api.executed()}\n`);
    told.push(line);
    events++;
  }

  api.blocks.executed.register((cpu, { pc, instructions }) =>
    put(KINDS.block, cpu, pc, instructions.length, api.executed(), 0),
  );
  api.instructions.executed.register((cpu, { pc }) => put(KINDS.instruction, cpu, pc, 0, 0, 0));
  api.memory.accessed.register((cpu, { site, address, valueLow, valueHigh }) =>
    put(KINDS.access, cpu, address, valueLow, valueHigh, infoOf(site)),
  );
  api.syscalls.entered.register(({ cpu, name, args }) => tell("entered", cpu.index, name, args));
  api.syscalls.returned.register(({ cpu, name, args, result }) =>
    tell("returned", cpu.index, name, args, result),
  );
  for (const what of ["initialized", "exited", "idled", "resumed"] as const) {
    api.vcpus[what].register((cpu) => tell(what, cpu.index, cpu.executed, cpu.registers.readNumber("sp")));
  }
  api.processChanged.register((now, before) => tell("process", now, before));
  api.processEnded.register((process, exit) => tell("process ended", process, exit));
  api.discontinuities.register(({ cpu, kind, from, to, signal }) => tell(kind, cpu.index, from, to, signal));
  return () => {
    flush();
    return { digest: hash.copy().digest("hex"), events, told };
  };
}
