import type { AccessSite, MemoryAccess } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, A1, DATA, exit, li, op, S0, T0, T1, T2 } from "../assemble.js";
import { createRig, type Guest, program } from "../rig.js";

const VALUE = 0x8182_8384_8586_8788n;

/** Puts VALUE into t0 and DATA into s0. */
const setUp = [
  ...li(T0, -0x7e7d_7c7c),
  op("slli", { rd: T0, rs1: T0, imm: 32 }),
  ...li(T1, 0x0586_8788),
  op("add", { rd: T0, rs1: T0, rs2: T1 }),
  ...li(T1, 1),
  op("slli", { rd: T1, rs1: T1, imm: 31 }),
  op("add", { rd: T0, rs1: T0, rs2: T1 }),
  ...li(S0, DATA),
];

interface Told {
  readonly pc: number;
  readonly address: number;
  readonly value: bigint;
  readonly low: number;
  readonly high: number;
  readonly bytes: number;
  readonly kind: string;
  readonly signed: boolean;
  readonly atomic: boolean;
}

function describeAccess(access: MemoryAccess): Told {
  const { site, address, value, valueLow, valueHigh, bytes, isStore } = access;
  const kind = isStore ? "store" : "load";
  expect([site.isStore, site.isLoad, site.bytes]).toEqual([isStore, !isStore, bytes]);
  return {
    pc: site.pc,
    address,
    value,
    low: valueLow,
    high: valueHigh,
    bytes,
    kind,
    signed: site.isSigned,
    atomic: site.isAtomic,
  };
}

async function accessesOf(
  of: Guest,
): Promise<{ told: Told[]; names: string[]; endian: Set<boolean>; code: number }> {
  const rig = await createRig(of);
  const told: Told[] = [];
  const names: string[] = [];
  const endian = new Set<boolean>();
  rig.api.memory.accessed.register((cpu, access) => {
    expect(cpu.pc).toBe(access.site.pc);
    told.push(describeAccess(access));
    names.push(access.site.instruction.name);
    endian.add(access.site.isBigEndian);
  });
  return { told, names, endian, code: rig.run().code };
}

const low = (bytes: number): bigint => VALUE & ((1n << BigInt(8 * bytes)) - 1n);

describe("register_vcpu_mem_cb; mem_size_shift, mem_is_sign_extended, mem_is_big_endian, mem_is_store, mem_get_value", () => {
  const stores = (["sb", "sh", "sw", "sd"] as const).map((name, i) => [name, 2 ** i] as const);
  it.each(stores)("%s tells %i bytes and their value", async (name, bytes) => {
    const { told, endian } = await accessesOf(
      program([...setUp, op(name, { rs1: S0, rs2: T0, imm: 16 }), ...exit(0)]),
    );
    const value = low(bytes);
    expect(told).toEqual([
      {
        pc: 0x2_0000 + 4 * setUp.length,
        address: DATA + 16,
        value,
        low: Number(value & 0xffff_ffffn),
        high: Number(value >> 32n),
        bytes,
        kind: "store",
        signed: false,
        atomic: false,
      },
    ]);
    expect([...endian]).toEqual([false]);
  });

  const loads = (["lb", "lh", "lw", "ld", "lbu", "lhu", "lwu"] as const).map((name) => {
    const bytes = { b: 1, h: 2, w: 4, d: 8 }[name[1] as "b"];
    return [name, bytes, !name.endsWith("u")] as const;
  });
  it.each(loads)(
    "%s tells %i bytes, their value, and whether it is sign-extended: %s",
    async (name, bytes, signed) => {
      const { told } = await accessesOf(
        program([
          ...setUp,
          op("sd", { rs1: S0, rs2: T0, imm: 0 }),
          op(name, { rd: T2, rs1: S0, imm: 0 }),
          ...exit(0),
        ]),
      );
      expect(told[1]).toMatchObject({ kind: "load", bytes, signed, value: low(bytes), address: DATA });
    },
  );

  it("tells misaligned accesses and those across pages as one", async () => {
    const { told } = await accessesOf(
      program([
        ...setUp,
        ...li(A0, DATA + 0xffd),
        op("sd", { rs1: A0, rs2: T0, imm: 0 }),
        op("ld", { rd: T1, rs1: A0, imm: 0 }),
        ...exit(0),
      ]),
    );
    expect(told).toMatchObject([
      { kind: "store", address: DATA + 0xffd, value: VALUE },
      { kind: "load", address: DATA + 0xffd, value: VALUE },
    ]);
  });

  it("tells an atomic read-modify-write as a load, then a store", async () => {
    const { told } = await accessesOf(
      program([
        ...setUp,
        op("sd", { rs1: S0, rs2: T0, imm: 0 }),
        ...li(T1, 1),
        op("amoadd.w", { rd: T2, rs1: S0, rs2: T1 }),
        op("amoswap.d", { rd: T2, rs1: S0, rs2: T1 }),
        ...exit(0),
      ]),
    );
    expect(told.slice(1)).toMatchObject([
      { kind: "load", bytes: 4, value: low(4), signed: true, atomic: true },
      { kind: "store", bytes: 4, value: low(4) + 1n, signed: false, atomic: true },
      { kind: "load", bytes: 8, value: VALUE + 1n, atomic: true },
      { kind: "store", bytes: 8, value: 1n, atomic: true },
    ]);
  });

  it("tells LR as a load; SC as a load and a store, if its address is the reserved one", async () => {
    const { told, names } = await accessesOf(
      program([
        ...setUp,
        op("lr.d", { rd: T1, rs1: S0 }),
        op("sc.d", { rd: T2, rs1: S0, rs2: T0 }),
        // Nothing is reserved any more.
        op("sc.d", { rd: T2, rs1: S0, rs2: 0 }),
        op("lr.w", { rd: T1, rs1: S0 }),
        op("sc.w", { rd: T2, rs1: S0, rs2: 0 }),
        ...exit(0),
      ]),
    );
    expect(names).toEqual(["lr.d", "sc.d", "sc.d", "lr.w", "sc.w", "sc.w"]);
    expect(told).toMatchObject([
      { kind: "load", value: 0n, bytes: 8, atomic: true },
      { kind: "load", value: 0n, bytes: 8, atomic: true },
      { kind: "store", value: VALUE, bytes: 8, atomic: true },
      { kind: "load", value: low(4), bytes: 4, atomic: true },
      { kind: "load", value: low(4), bytes: 4, atomic: true },
      { kind: "store", value: 0n, bytes: 4, atomic: true },
    ]);
  });

  it("tells an SC that finds another value as QEMU does: it stores what it found", async () => {
    const { told } = await accessesOf(
      program([
        ...setUp,
        op("lr.d", { rd: T1, rs1: S0 }),
        op("sd", { rs1: S0, rs2: T0 }),
        op("sc.d", { rd: T2, rs1: S0, rs2: S0 }),
        ...exit(0),
      ]),
    );
    expect(told.slice(2)).toMatchObject([
      { kind: "load", value: VALUE },
      { kind: "store", value: VALUE },
    ]);
  });

  it("tells floating-point accesses with the bits in memory", async () => {
    const { told, names } = await accessesOf(
      program([
        ...setUp,
        op("fmv.d.x", { rd: 1, rs1: T0 }),
        op("fsd", { rs1: S0, rs2: 1, imm: 0 }),
        op("flw", { rd: 2, rs1: S0, imm: 4 }),
        op("fsw", { rs1: S0, rs2: 2, imm: 0 }),
        op("fld", { rd: 3, rs1: S0, imm: 0 }),
        ...exit(0),
      ]),
    );
    expect(names).toEqual(["fsd", "flw", "fsw", "fld"]);
    expect(told.map((t) => t.value)).toEqual([
      VALUE,
      VALUE >> 32n,
      VALUE >> 32n,
      (VALUE >> 32n) * 0x1_0000_0001n,
    ]);
  });

  it("comes after the successful access: registers have changed, and nothing is told of one that faults", async () => {
    const rig = await createRig(
      program([
        ...setUp,
        op("ld", { rd: T2, rs1: S0 }),
        op("sd", { rs1: S0, rs2: T0 }),
        op("ld", { rd: A1, rs1: 0 }),
      ]),
    );
    const seen: unknown[] = [];
    rig.api.instructions
      .where((i) => i.isLoad || i.isStore)
      .executed.register((cpu) => seen.push(cpu.executed));
    rig.api.memory.accessed.register((cpu, access) => {
      const now = rig.api.memory.read(access.address, 8);
      seen.push([cpu.executed, now?.[0]]);
    });
    expect(rig.run().code).toBe(139);
    const n = setUp.length;
    expect(seen).toEqual([n, [n, 0], n + 1, [n + 1, 0x88], n + 2]);
  });

  it("can be had for loads or stores alone (r, w, rw)", async () => {
    const accesses = program([
      ...setUp,
      op("ld", { rd: T2, rs1: S0 }),
      op("sd", { rs1: S0, rs2: T0 }),
      op("amoor.d", { rd: 0, rs1: S0, rs2: T0 }),
      ...exit(0),
    ]);
    const selections: Readonly<Record<string, (site: AccessSite) => boolean>> = {
      r: (site) => site.isLoad,
      w: (site) => site.isStore,
      rw: () => true,
    };
    const counts: Record<string, number> = {};
    const rig = await createRig(accesses);
    const counters = Object.entries(selections).map(
      ([name, select]) => [name, rig.api.memory.where(select).accessed.count()] as const,
    );
    rig.run();
    for (const [name, counter] of counters) counts[name] = counter.value;
    expect(counts).toEqual({ r: 2, w: 2, rw: 4 });
  });
});
