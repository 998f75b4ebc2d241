import type { Cpu, RegisterAccess, RegisterDescriptor, Registers } from "../contract/cpu.js";
import { RegisterAccessError, UnknownRegisterError } from "../contract/errors.js";
import { PcChange, type Running } from "../instrument/listening.js";
import { FLOAT_REGISTERS, INTEGER_REGISTERS } from "../isa/riscv/registers.js";
import { F_REGISTERS, FCSR, PC, X_REGISTERS } from "../memory/layout.js";

/** Where a register's value is; part of one, for `fflags` and `frm`. */
interface Place {
  readonly address: number;
  readonly bits: 32 | 64;
  readonly shift: number;
  readonly mask: bigint;
  readonly writable: boolean;
}

const WHOLE = 0xffff_ffff_ffff_ffffn;

// gdb's target description calls x8 `fp`; the psABI's name and the numbers are understood as well.
const GDB_INTEGER_NAMES = INTEGER_REGISTERS.map((name) => (name === "s0" ? "fp" : name));

function describe(name: string, feature: string, bits: 32 | 64): RegisterDescriptor {
  return { name, feature: `org.gnu.gdb.riscv.${feature}`, bits };
}

const LIST: readonly RegisterDescriptor[] = [
  ...GDB_INTEGER_NAMES.map((name) => describe(name, "cpu", 64)),
  describe("pc", "cpu", 64),
  ...FLOAT_REGISTERS.map((name) => describe(name, "fpu", 64)),
  ...["fflags", "frm", "fcsr"].map((name) => describe(name, "csr", 32)),
];

function placesOf(): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const put = (names: readonly string[], address: number, writable: boolean): void => {
    for (const name of names) places.set(name, { address, bits: 64, shift: 0, mask: WHOLE, writable });
  };
  INTEGER_REGISTERS.forEach((name, i) => {
    put([name, `x${i}`, GDB_INTEGER_NAMES[i] ?? name], X_REGISTERS + 8 * i, i !== 0);
  });
  FLOAT_REGISTERS.forEach((name, i) => {
    put([name, `f${i}`], F_REGISTERS + 8 * i, true);
  });
  const part = (name: string, shift: number, mask: bigint): void => {
    places.set(name, { address: FCSR, bits: 32, shift, mask, writable: true });
  };
  part("fflags", 0, 0x1fn);
  part("frm", 5, 0x7n);
  part("fcsr", 0, 0xffn);
  return places;
}

const PLACES = placesOf();
/** By their places in {@link LIST}; undefined for the pc. */
const LISTED: readonly (Place | undefined)[] = LIST.map(({ name }) => PLACES.get(name));
const LEVEL: Readonly<Record<RegisterAccess, number>> = { none: 0, read: 1, write: 2, "write-pc": 3 };

/** What a vCPU shows of itself. */
export interface CpuState {
  readonly index: number;
  /** Its state, at the offsets of `memory/layout.ts`. */
  readonly state: DataView;
  readonly pc: number;
}

/** The vCPU as plugins see it; `executed` gives its instructions so far. */
export function createCpu(vcpu: CpuState, executed: () => number, running: () => Running): Cpu {
  /** Outside of callbacks, between two runs or at the end, registers are exact and free to use. */
  function demand(needed: RegisterAccess, what: string, name = ""): void {
    const given = running().current?.registers ?? "write";
    if (LEVEL[given] < LEVEL[needed]) throw new RegisterAccessError(`${what}${name}`, needed, given);
  }

  function placeOf(name: string): Place {
    const place = PLACES.get(name);
    if (place === undefined) throw new UnknownRegisterError(name);
    return place;
  }

  function whole(place: Place): bigint {
    return place.bits === 64
      ? vcpu.state.getBigUint64(place.address, true)
      : BigInt(vcpu.state.getUint32(place.address, true));
  }

  const registers: Registers = {
    list: LIST,
    read(name) {
      demand("read", "reading register ", name);
      if (name === "pc") return vcpu.state.getBigUint64(PC, true);
      const place = placeOf(name);
      return (whole(place) >> BigInt(place.shift)) & place.mask;
    },
    readNumber(name) {
      demand("read", "reading register ", name);
      if (name === "pc") return vcpu.pc;
      const { address, bits, shift, mask } = placeOf(name);
      const low = vcpu.state.getUint32(address, true);
      return bits === 64
        ? low + vcpu.state.getUint32(address + 4, true) * 0x1_0000_0000
        : (low >>> shift) & Number(mask);
    },
    copy(words, at) {
      demand("read", "reading registers");
      if (at + 2 * LISTED.length > words.length) {
        throw new RangeError(
          `${LISTED.length} registers are ${2 * LISTED.length} words; there is no room for them`,
        );
      }
      const { state } = vcpu;
      let next = at;
      for (const place of LISTED) {
        if (place === undefined) {
          words[next] = vcpu.pc;
          words[next + 1] = vcpu.pc / 0x1_0000_0000;
        } else {
          const low = state.getUint32(place.address, true);
          const whole = place.bits === 64;
          words[next] = whole ? low : (low >>> place.shift) & Number(place.mask);
          words[next + 1] = whole ? state.getUint32(place.address + 4, true) : 0;
        }
        next += 2;
      }
    },
    write(name, value) {
      demand("write", "writing register ", name);
      if (name === "pc") throw new TypeError("register pc is set with cpu.setPc");
      const place = placeOf(name);
      if (!place.writable) return;
      const shift = BigInt(place.shift);
      const kept = whole(place) & ~(place.mask << shift);
      const next = kept | ((value & place.mask) << shift);
      if (place.bits === 64) vcpu.state.setBigUint64(place.address, next, true);
      else vcpu.state.setUint32(place.address, Number(next), true);
    },
  };

  return {
    index: vcpu.index,
    registers,
    get pc() {
      return vcpu.pc;
    },
    get executed() {
      return executed();
    },
    setPc(pc) {
      demand("write-pc", "setting the pc");
      if (!Number.isSafeInteger(pc) || pc < 0 || pc % 2 !== 0) {
        throw new RangeError(`a pc is an even address; got ${pc}`);
      }
      running().newPc = pc;
      throw new PcChange(pc);
    },
  };
}
