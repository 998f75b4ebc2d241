import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Emitter } from "../../../packages/emulator/src/isa/riscv/emitter.js";
import type { Instruction } from "../../../packages/emulator/src/isa/riscv/instruction.js";
import { instructions } from "../../../packages/emulator/src/isa/riscv/table.js";
import { F_REGISTERS, X_REGISTERS } from "../../../packages/emulator/src/memory/layout.js";
import {
  bitsOf,
  only,
  REGISTERS,
  registersOf,
  resourceName,
  resourcesOf,
} from "../../../packages/emulator/src/translator/resources.js";
import type { ProbeStep, Steps } from "../../../packages/emulator/src/translator/steps.js";
import { createBody } from "../../../packages/emulator/src/wasm/body.js";
import { cells } from "../isa/evaluate.js";
import { probes } from "./probes.js";

const setOf = (bits: Iterable<number>): bigint => [...bits].reduce((set, bit) => set | only(bit), 0n);

describe("a set of resources", () => {
  it("is its bits, lowest first", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 200 })), (bits) => {
        expect([...bitsOf(setOf(bits))]).toEqual(bits.toSorted((a, b) => a - b));
      }),
    );
  });
});

/** What an instruction's meaning asks its emitter for. */
function askedBy({ meaning }: Instruction): ReadonlySet<string | symbol> {
  const asked = new Set<string | symbol>();
  const emitter = cells(createBody([]));
  meaning(
    new Proxy<Emitter>(emitter, {
      get(target, key) {
        asked.add(key);
        return Reflect.get(target, key);
      },
    }),
  );
  return asked;
}

describe("the registers of an instruction", () => {
  const [rd, rs1, rs2, rs3] = [20, 21, 22, 23];
  const bitOf = { rs1, rs2, fs1: 32 + rs1, fs2: 32 + rs2, fs3: 32 + rs3, setRd: rd, setFd: 32 + rd };
  // An instruction of privileged modes has operands, but is illegal here whatever they are.
  it.each(instructions.filter(({ name }) => name !== "sfence.vma"))(
    "$name: those that its meaning asks for",
    (instruction) => {
      const asked = askedBy(instruction);
      const fields = { rd, rs1, rs2, rs3, rm: 0, imm: 0 };
      const { uses, defs } = registersOf({
        instruction,
        bits: 0,
        length: 4,
        compressed: undefined,
        ...fields,
      });
      const expected = (names: readonly (keyof typeof bitOf)[]): number[] =>
        names.filter((name) => asked.has(name)).map((name) => bitOf[name]);
      expect([...bitsOf(uses)]).toEqual(expected(["rs1", "rs2", "fs1", "fs2", "fs3"]));
      expect([...bitsOf(defs)]).toEqual(expected(["setRd", "setFd"]));
    },
  );

  it("are never x0", () => {
    const fields = { rd: 0, rs1: 0, rs2: 0, rs3: 0, rm: 0, imm: 0 };
    for (const instruction of instructions) {
      const { uses, defs } = registersOf({
        instruction,
        bits: 0,
        length: 4,
        compressed: undefined,
        ...fields,
      });
      expect((uses | defs) & 1n).toBe(0n);
    }
  });
});

describe("the resources of a region", () => {
  const blocks = (few: boolean) =>
    fc.array(fc.array(probes(few), { maxLength: 20 }), { maxLength: 3 }).map((lists) =>
      lists.map((list): Steps => {
        const all = list.map((probe): ProbeStep => {
          const place = { pc: 0, operation: 0, nextOperation: 0 };
          return { kind: "probe", probe, ...place, access: undefined, conditional: false };
        });
        return { groups: [], all, firstOperation: 0 };
      }),
    );

  it("are all registers, its rings, and its cells unless there are too many", () => {
    fc.assert(
      fc.property(fc.boolean().chain(blocks), (steps) => {
        const resources = resourcesOf(steps);
        const all = steps.flatMap((each) => each.all).flatMap((s) => (s.kind === "probe" ? [s.probe] : []));
        const offsets = new Set(all.flatMap((probe) => ("cell" in probe ? [probe.cell] : [])));
        const rings = new Set(all.flatMap((probe) => (probe.kind === "batch" ? [probe.ring] : [])));
        const extras: number[] = [];
        for (const offset of offsets) {
          const bit = resources.cell(offset);
          if (offsets.size > 8) expect(bit).toBeUndefined();
          else expect(resources.homes[bit ?? 0]).toEqual({ kind: "cell", offset });
          if (bit !== undefined) extras.push(bit);
        }
        for (const address of rings) {
          const bit = resources.ring(address) ?? 0;
          expect(resources.homes[bit]).toEqual({ kind: "ring", address });
          extras.push(bit);
        }
        expect(new Set(extras).size).toBe(extras.length);
        expect(resources.homes).toHaveLength(64 + extras.length);
        expect(resources.extras).toBe(setOf(extras));
        expect(resources.extras & (REGISTERS | 1n)).toBe(0n);
        expect(resources.cell(1 << 20)).toBeUndefined();
        expect(resources.ring(1 << 20)).toBeUndefined();
      }),
    );
  });

  it("have their homes in the vCPU's state, and names", () => {
    const resources = resourcesOf([]);
    for (let i = 0; i < 32; i++) {
      expect(resources.homes[i]).toEqual({ kind: "x", address: X_REGISTERS + 8 * i });
      expect(resources.homes[32 + i]).toEqual({ kind: "f", address: F_REGISTERS + 8 * i });
    }
    expect([1, 2, 10, 31, 32, 42, 63].map((bit) => resourceName(resources, bit))).toEqual(
      "ra sp a0 t6 ft0 fa0 ft11".split(" "),
    );
    expect(() => resourceName(resources, 64)).toThrow("there is no resource 64");
  });
});
