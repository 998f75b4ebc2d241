import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createRig, type Guest, type Rig, type RigOptions } from "../rig.js";
import { canCompile, compiled, NEEDS } from "./compiled.js";

/** What was told of the first process. */
interface Told {
  /** SHA-256 of all blocks, instructions and accesses, in their order. */
  readonly digest: string;
  readonly events: number;
  /** All rarer events. */
  readonly lines: readonly string[];
}

/** Listens to what is told while the first process runs. Call the result when the guest has ended. */
function listen({ api }: Rig): () => Told {
  const first = api.process().pid;
  const hash = createHash("sha256");
  const lines: string[] = [];
  let pending: string[] = [];
  let events = 0;
  const flush = (): void => {
    hash.update(pending.join("\n"));
    pending = [];
  };
  const isFirst = (): boolean => api.process().pid === first;
  const put = (...what: readonly (string | number)[]): void => {
    if (!isFirst()) return;
    events++;
    if (pending.push(`${what.join(" ")} ${api.executed()}`) >= 10_000) flush();
  };
  const tell = (...what: readonly unknown[]): void => {
    if (!isFirst()) return;
    lines.push(what.map((part) => JSON.stringify(part)).join(" "));
    put("line", lines.length);
  };
  api.blocks.executed.register((cpu, { pc }) => put("block", cpu.index, pc));
  api.instructions.executed.register((cpu, { pc }) => put("instruction", cpu.index, pc, cpu.executed));
  api.memory.accessed.register((cpu, { address, valueLow }) => put("access", cpu.index, address, valueLow));
  api.syscalls.entered.register(({ cpu, name, args }) => tell("entered", cpu.index, name, args));
  api.syscalls.returned.register(({ cpu, name, result }) => tell("returned", cpu.index, name, result));
  api.vcpus.idled.register((cpu) => tell("idled", cpu.index, cpu.executed));
  api.vcpus.resumed.register((cpu) => tell("resumed", cpu.index, cpu.executed));
  api.discontinuities.register(({ cpu, kind, from, to, signal }) => tell(kind, cpu.index, from, to, signal));
  api.mapped.register((process, mapping) => tell("mapped", process, mapping));
  api.unmapped.register((process, start, end) => tell("unmapped", process, start, end));
  api.processChanged.register((now, before) => {
    if (now.pid === before.pid) tell("process", now, before);
  });
  return () => {
    flush();
    return { digest: hash.digest("hex"), events, lines };
  };
}

async function toldOf(guest: Guest, options: RigOptions): Promise<Told> {
  const rig = await createRig(guest, options);
  const told = listen(rig);
  expect(rig.run()).toMatchObject({ code: 5 });
  expect(rig.faults).toEqual([]);
  expect(rig.output()).toBe("forked 143\nshared 7\nanother program\nother 5\nat last\n");
  return told();
}

const MINUTE = 60_000;

describe.skipIf(!canCompile)(`plugins that do not follow forks ${NEEDS}`, () => {
  it.each<[string, RigOptions]>([
    ["interpreted", { translate: false }],
    ["translated", {}],
    ["translated early", { translateAfter: 20 }],
  ])(
    "are told of the first process exactly what those that do are told of it (%s)",
    async (_how, options) => {
      const guest = await compiled("family");
      const all = await toldOf(guest, options);
      expect(all.events).toBeGreaterThan(150_000);
      expect(all.lines.filter((line) => line.includes('"execve"'))).toHaveLength(2);
      expect(await toldOf(guest, { ...options, follow: false })).toEqual(all);
    },
    MINUTE,
  );

  it(
    "hear of nobody else, on any lane",
    async () => {
      const rig = await createRig(await compiled("family"), { follow: false });
      const { api } = rig;
      const { pid } = api.process();
      const begun: number[] = [];
      const gone: number[] = [];
      const calls = new Set<string>();
      const ended: string[] = [];
      const changes: string[] = [];
      let direct = 0;
      let batched = 0;
      api.vcpus.initialized.register((cpu) => begun.push(cpu.index));
      api.vcpus.exited.register((cpu) => gone.push(cpu.index));
      api.syscalls.entered.register(({ name }) => calls.add(`${api.process().pid} ${name}`));
      api.processEnded.register((process, { code }) => ended.push(`${process.pid} ${code}`));
      api.processChanged.register((now, before) =>
        changes.push(`${before.pid} ${before.name} to ${now.pid} ${now.name}`),
      );
      api.instructions.executed.register(() => direct++);
      api.instructions.executed.batch((batch) => {
        batched += batch.length;
      });
      const count = api.instructions.executed.count();
      const entry = api.scoreboards.create(1).entry(0);
      api.instructions.executed.inline("add", entry, 1);
      api.syscalls.filter(({ name }) => (name === "kill" ? -1 : undefined));
      let alive: readonly number[] = [];
      api.exited.register(() => {
        alive = api.vcpus.list.map(({ index }) => index);
      });
      expect(rig.run().code).toBe(5);
      // The filter has not kept the child from sending itself a signal.
      expect(rig.output()).toContain("forked 143\n");
      expect(begun).toEqual([0, 1]);
      expect(gone).toEqual([1, 0]);
      expect(alive).toEqual([]);
      expect([...calls].every((call) => call.startsWith(`${pid} `))).toBe(true);
      expect(ended).toEqual([`${pid} 5`]);
      expect(changes).toEqual([
        `${pid} program to ${pid} elder`,
        // By execve(2), of which the last name on the path counts.
        `${pid} elder to ${pid} exe`,
      ]);
      expect(direct).toBeGreaterThan(50_000);
      expect({ batched, counted: count.value, inline: entry.sum() }).toEqual({
        batched: direct,
        counted: direct,
        inline: direct,
      });
      expect(direct).toBeLessThan(rig.machine.executed - 80_000);
    },
    MINUTE,
  );
});
