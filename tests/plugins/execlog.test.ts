import { type Plugin, plugin } from "@qpp/core";
import { type Instruction, machine } from "@qpp/emulator/contract";
import { block, machineStreams } from "@qpp/emulator/testing";
import { execlog } from "@qpp/plugins/execlog/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guest, type Rig } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { hasPeers, NEEDS_PEERS, writtenByPeer } from "./peer.js";
import { resultOf, rigWith } from "./real.js";

/** What a machine did, as a listener of its own saw it. */
type Seen =
  | { readonly kind: "block" | "exited"; readonly vcpu: number }
  | {
      readonly kind: "instruction";
      readonly vcpu: number;
      readonly instruction: Instruction;
      readonly values: readonly bigint[];
    }
  | {
      readonly kind: "access";
      readonly vcpu: number;
      readonly instruction: Instruction;
      readonly text: string;
    };

/** In gdb's order, which is that of a line. */
const REGISTERS = ["s1", "a0", "a1"] as const;

/** Sees all, and changes registers, as the instructions of a fake machine do not. To be loaded after what is tested. */
function witness(seen: Seen[]): Plugin {
  return plugin("witness", {
    requires: { machine },
    install({ machine: { blocks, instructions, memory, vcpus } }) {
      let executed = 0;
      blocks.executed.register(({ index }) => void seen.push({ kind: "block", vcpu: index }));
      instructions.executed.register(
        ({ index, registers }, instruction) => {
          const values = REGISTERS.map((name) => registers.read(name));
          seen.push({ kind: "instruction", vcpu: index, instruction, values });
          executed++;
          const name = REGISTERS[executed % 5];
          if (name !== undefined) registers.write(name, 2n ** 64n - BigInt(executed >> 3));
        },
        { registers: "write" },
      );
      memory.accessed.register(({ index }, { site, isStore, address }) => {
        const text = `, ${isStore ? "store" : "load"}, 0x${address.toString(16).padStart(8, "0")}`;
        seen.push({ kind: "access", vcpu: index, instruction: site.instruction, text });
      });
      vcpus.exited.register(({ index }) => void seen.push({ kind: "exited", vcpu: index }));
    },
  });
}

interface Filters {
  readonly ifilter: readonly string[];
  readonly afilter: readonly number[];
}

const begins = (vcpu: number, { pc, data, text }: Instruction): string =>
  `${vcpu}, 0x${pc.toString(16)}, 0x${data.toString(16)}, "${text}"`;

const passes = ({ pc, text }: Instruction, { ifilter, afilter }: Filters): boolean =>
  (ifilter.length === 0 && afilter.length === 0) ||
  afilter.includes(pc) ||
  ifilter.some((beginning) => text.startsWith(beginning));

/** The log without registers: lines as instructions were executed. */
function plainLog(seen: readonly Seen[], filters: Filters): string[] {
  const lines: string[] = [];
  for (const event of seen) {
    if (event.kind === "instruction" && passes(event.instruction, filters))
      lines.push(begins(event.vcpu, event.instruction));
    if (event.kind === "access" && passes(event.instruction, filters)) lines.push(lines.pop() + event.text);
  }
  return lines;
}

/** The log with registers, after the description of QEMU's plugin: a line is written when the vCPU comes to another watched instruction. */
function registerLog(seen: readonly Seen[], filters: Filters, watched: readonly string[], rdisas: boolean) {
  const lines: string[] = [];
  const given = filters.ifilter.length + filters.afilter.length > 0;
  const vcpus = new Map<number, { open: string; values: readonly bigint[]; looks: boolean }>();
  for (const event of seen) {
    const at = vcpus.get(event.vcpu) ?? { open: "", values: REGISTERS.map(() => 0n), looks: true };
    vcpus.set(event.vcpu, at);
    if (event.kind === "block") at.looks = true;
    if (event.kind === "access" && at.open.includes(`, 0x${event.instruction.pc.toString(16)}, `))
      at.open += event.text;
    if (event.kind === "exited" && at.open !== "") lines.push(at.open);
    if (event.kind !== "instruction") continue;
    const [, operands = ""] = event.instruction.text.split(" ");
    const mentioned = rdisas && watched.some((name) => operands.includes(name));
    const logged = mentioned || passes(event.instruction, filters);
    const { looks } = at;
    at.looks = !rdisas || mentioned || (given && passes(event.instruction, filters));
    if (!logged && !looks) continue;
    if (at.open !== "" && looks) {
      REGISTERS.forEach((name, i) => {
        const value = event.values[i] ?? 0n;
        if (watched.includes(name) && value !== at.values[i])
          at.open += `, ${name} -> 0x${value.toString(16).padStart(16, "0")}`;
      });
      at.values = event.values;
    }
    if (at.open !== "") lines.push(at.open);
    at.open = logged ? begins(event.vcpu, event.instruction) : "";
  }
  return lines;
}

const filtersOf: fc.Arbitrary<Filters> = fc.record({
  ifilter: fc.subarray(["ad", "c.", "lw a2", "amo", "jal"]),
  afilter: fc.subarray([0x1_0000, 0x1_0004, 0x1_0008]),
});

const given = ({ ifilter, afilter }: Filters): Record<string, string> => ({
  ...(ifilter.length > 0 && { ifilter: ifilter.join() }),
  ...(afilter.length > 0 && { afilter: afilter.map((address) => address.toString(16)).join() }),
});

const linesIn = (text: string | undefined): string[] => text?.split("\n").slice(0, -1) ?? [];

describe("execlog", () => {
  const code = block(0x1000, ["c.lwsp a0,4(sp)", "amoadd.w a0,a1,(a2)", "jal zero,0x1000"]);
  const [load4, amo] = code.instructions;

  it("writes a line for each instruction, with its accesses", async () => {
    const { fake, files, result, summary } = await load({ execlog: {} });
    if (load4 === undefined || amo === undefined) return expect.fail();
    for (const vcpu of [0, 12]) {
      fake.emit({ kind: "block", vcpu, block: code });
      fake.emit({ kind: "instruction", vcpu, instruction: load4 });
    }
    fake.access(load4, { isStore: false, address: 0x2_0004, value: 7n });
    fake.emit({ kind: "instruction", vcpu: 12, instruction: amo });
    fake.access(amo, { isStore: false, address: 0xbfff_fff0, value: 7n });
    fake.access(amo, { isStore: true, address: 0xbfff_fff0, value: 7n });
    fake.end(0);
    expect(files().get("execlog.txt")?.toString()).toBe(
      [
        '0, 0x1000, 0x4512, "c.lwsp a0,4(sp)"',
        '12, 0x1000, 0x4512, "c.lwsp a0,4(sp)", load, 0x00020004',
        '12, 0x1002, 0xb6252f, "amoadd.w a0,a1,(a2)", load, 0xbffffff0, store, 0xbffffff0',
        "",
      ].join("\n"),
    );
    expect(result("execlog")).toEqual({ file: "execlog.txt", instructions: 3, accesses: 3 });
    expect(summary("execlog")).toBe("3 instructions with 3 accesses logged in execlog.txt");
  });

  it("tells others how much it has logged", async () => {
    let told: readonly number[] = [];
    const client = plugin("client", {
      requires: { machine, execlog },
      install: ({ machine: { exited }, execlog: { instructions, accesses } }) => {
        exited.register(() => {
          told = [instructions(), accesses()];
        });
      },
    });
    const { fake, faults } = await load({ execlog: { ifilter: "jal" } }, [client]);
    fake.execute(code);
    fake.end(0);
    expect([told, faults]).toEqual([[1, 0], []]);
  });

  it("writes what any stream did, but for what the filters leave out", async () => {
    await fc.assert(
      fc.asyncProperty(machineStreams({ maxVcpus: 3 }), filtersOf, async (stream, filters) => {
        const seen: Seen[] = [];
        const { fake, files, faults } = await load({ execlog: given(filters) }, [witness(seen)]);
        fake.play(stream);
        expect(faults).toEqual([]);
        expect(linesIn(files().get("execlog.txt")?.toString())).toEqual(plainLog(seen, filters));
      }),
    );
  });

  it("tells which registers have changed, of any stream, filters, and with rdisas", async () => {
    await fc.assert(
      fc.asyncProperty(
        machineStreams({ maxVcpus: 3 }),
        filtersOf,
        fc.subarray([...REGISTERS], { minLength: 1 }),
        fc.boolean(),
        async (stream, filters, watched, rdisas) => {
          const seen: Seen[] = [];
          const args = { ...given(filters), reg: watched.join(), ...(rdisas && { rdisas: "on" }) };
          const { fake, files, faults } = await load({ execlog: args }, [witness(seen)]);
          fake.play(stream);
          expect(faults).toEqual([]);
          const wanted = registerLog(seen, filters, watched, rdisas);
          expect(linesIn(files().get("execlog.txt")?.toString())).toEqual(wanted);
        },
      ),
    );
  });

  it.each([
    [{ afilter: "main" }, '"main" is no value for it; it must be an address in hexadecimal digits'],
    [{ ifilter: "" }, "it must be a text that is not empty"],
    [{ rdisas: "on" }, "rdisas=on says when registers are looked at, but none is asked for"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ execlog: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });

  it("says that a register does not exist", async () => {
    const { fake, faults } = await load({ execlog: { reg: "s?,x*" } });
    fake.execute(code);
    expect(faults).toEqual([
      expect.stringContaining("reg=x*: there is no such register; names are gdb's: zero, ra"),
    ]);
  });
});

/** What a machine without files was told to log. */
const logOf = (rig: Rig): string[] =>
  rig.logged
    .map((each) => each.replace(/^execlog /, ""))
    .join("\n")
    .split("\n");

describe("execlog, of a real guest", () => {
  it("tells of registers what additions make of them", async () => {
    const rig = await rigWith(guest("count-loop"), { execlog: { reg: "*" } });
    rig.run();
    expect(rig.faults).toEqual([]);
    const values = new Map([["zero", 0n]]);
    let held = 0;
    for (const line of logOf(rig)) {
      const changed = [...line.matchAll(/, (\w+) -> 0x([\da-f]+)/g)].map(
        ([, name = "", digits]) => [name === "fp" ? "s0" : name, BigInt(`0x${digits}`)] as const,
      );
      const [, to = "", from = "", by = "0"] = /"addi (\w+),(\w+),(-?\d+)"/.exec(line) ?? [];
      const source = values.get(from);
      for (const [name, value] of changed) values.set(name, value);
      if (source === undefined || !values.has(to)) continue;
      held++;
      expect(values.get(to)).toBe(BigInt.asUintN(64, source + BigInt(by)));
    }
    expect(held).toBeGreaterThan(1000);
  });

  it("tells the same changes with rdisas=on, of a register that is changed by those that mention it", async () => {
    const changesWith = async (args: Record<string, string>): Promise<readonly unknown[]> => {
      const rig = await rigWith(guest("count-calls"), { execlog: { reg: "sp", ...args } });
      rig.run();
      return logOf(rig).flatMap((line) => [...(/^(.*?, .*?),.* -> (.*)$/.exec(line)?.slice(1) ?? [])]);
    };
    const all = await changesWith({});
    expect(all.length).toBeGreaterThan(100);
    expect(await changesWith({ rdisas: "on" })).toEqual(all);
  });

  it.skipIf(!canCompile)(`leaves out nothing of threads and processes ${NEEDS}`, async () => {
    for (const args of [{}, { reg: "sp" }] as const) {
      const rig = await rigWith(await compiled("processes"), { execlog: args });
      const wanted: string[][] = [];
      rig.api.instructions.executed.batch(({ length, vcpu, pc }) => {
        const mine = wanted[vcpu] ?? [];
        wanted[vcpu] = mine;
        for (let i = 0; i < length; i++) mine.push(`0x${pc[i]?.toString(16)}`);
      });
      rig.run();
      const found: string[][] = [];
      for (const line of logOf(rig)) {
        const [vcpu = "", pc = ""] = line.split(", ");
        const mine = found[Number(vcpu)] ?? [];
        found[Number(vcpu)] = mine;
        mine.push(pc);
      }
      expect(rig.faults).toEqual([]);
      expect(found).toEqual(wanted);
    }
  });
});

describe.skipIf(!hasPeers)(`execlog, beside a plugin of QEMU ${NEEDS_PEERS}`, () => {
  /** A line's vCPU, address, opcode and accesses; those to the stack from where it begins, which is elsewhere there. */
  function factsIn(lines: readonly string[]): readonly string[] {
    let stack: number | undefined;
    return lines.map((line) => {
      const [, facts = "", accesses = ""] = /^(.*?, .*?, .*?), ".*"(.*)$/.exec(line) ?? expect.fail(line);
      const relative = accesses.replaceAll(/0x([\da-f]{8,})/g, (_, digits) => {
        const address = Number.parseInt(digits, 16);
        if (address < 0x1000_0000) return address.toString(16);
        stack ??= address;
        return `stack ${address - stack}`;
      });
      return facts + relative;
    });
  }

  it.each([["count-loop"], ["count-calls"]])("writes the same lines for %s", async (program) => {
    const there = linesIn(writtenByPeer("execlog", program));
    const rig = await rigWith(guest(program), { execlog: {} });
    rig.run();
    const here = logOf(rig);
    expect(there.length).toBeGreaterThan(10_000);
    expect(here.length).toBe(there.length);
    expect(resultOf(rig, "execlog")).toMatchObject({ file: null, instructions: there.length });
    expect(factsIn(here)).toEqual(factsIn(there));
  });
});
