import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { plugin } from "@qpp/core";
import type { MachineOptions } from "@qpp/emulator";
import { machine } from "@qpp/emulator/contract";
import callstackPlugin from "@qpp/plugins/callstack";
import { callstack } from "@qpp/plugins/callstack/contract";
import symbolsPlugin from "@qpp/plugins/symbols";
import { describe, expect, it } from "vitest";
import { attach, createRecorded, INTERPRETED } from "../conformance/witness/machine.js";
import { peer } from "../peers.js";
import { compile } from "../programs/harness/compile.js";
import type { Program } from "../programs/harness/program.js";

const CROSS_ROOT = "/usr/riscv64-linux-gnu";
/** Where handlers return to: Linux has it on a page of its own. Shadow stacks have what was interrupted there instead. */
const TRAMPOLINE = / [0-9a-f]{5}000\b/g;

function programOf(file: string, flags: readonly string[], link: Program["link"]): Program {
  const path = fileURLToPath(new URL(`callstack/${file}`, import.meta.url));
  return {
    name: file,
    path,
    text: readFileSync(path, "utf8"),
    flags: ["-fasynchronous-unwind-tables", "-pthread", ...flags],
    link,
    libraries: [],
    args: [],
    loopback: false,
    stdin: "",
    witness: "qemu",
  };
}

interface Probes {
  /** What the program found out by itself, a line for each probe. */
  readonly own: readonly string[];
  readonly ours: readonly string[];
}

/** Runs a program whose function `probe` prints its argument and the return addresses that it has found on its stack. */
async function probes(path: string, options: Partial<MachineOptions>): Promise<Probes> {
  const ours: string[] = [];
  const recorded = createRecorded({
    path,
    image: readFileSync(path),
    machine: {
      files: {
        cwd: "/",
        allowRead: [dirname(path), `${CROSS_ROOT}/lib:/lib`],
        allowWrite: [],
      },
      ...options,
    },
  });
  const witness = plugin("witness", {
    requires: { callstack, machine },
    install({ callstack, machine }) {
      callstack.onCall.register(({ index, registers }, frame) => {
        if (machine.program.symbolAt(frame.function)?.name !== "probe") return;
        const label = machine.memory.readString(registers.readNumber("a0")) ?? "";
        const frames = [...callstack.stack(index)];
        // An unwinder takes what clone(2) has called in a new thread for the outermost function.
        const isThread = index > 0 && /in a thread|middle/.test(label);
        frames.splice(isThread ? -2 : -1);
        ours.push([label, ...frames.map(({ returnAddress }) => returnAddress.toString(16))].join(" "));
      });
    },
  });
  await attach(recorded, symbolsPlugin, callstackPlugin, witness);
  recorded.machine.run();
  const { stdout, code } = recorded.observed();
  expect(code).toBe(0);
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  return { own: lines.map((line) => line.replace(TRAMPOLINE, "")), ours };
}

describe.skipIf(!peer("riscv64-linux-gnu-gcc"))("callstack (needs riscv64-linux-gnu-gcc)", () => {
  it.each([
    ["static", ["-O2"]],
    ["static", ["-O0"]],
    ["static", ["-O2", "-msave-restore"]],
    ["dynamic", ["-O2"]],
  ] as const)("has the frames that an unwinder finds: %s %s", async (link, flags) => {
    const path = await compile(programOf("frames.c", flags, link), "riscv64");
    const { own, ours } = await probes(path, {});
    expect(own.length).toBeGreaterThan(100);
    // Threads may take turns between what they find and where they write it.
    expect([...ours].sort()).toEqual([...own].sort());
  });

  it.each(["static", "dynamic"] as const)("has them after exceptions: %s", async (link) => {
    const path = await compile(programOf("exceptions.cc", ["-O2"], link), "riscv64");
    const { own, ours } = await probes(path, {});
    expect(own.length).toBeGreaterThan(30);
    expect(ours).toEqual(own);
  });

  it("has the same when everything is interpreted", async () => {
    const path = await compile(programOf("frames.c", ["-O2"], "static"), "riscv64");
    const { own, ours } = await probes(path, INTERPRETED);
    expect([...ours].sort()).toEqual([...own].sort());
  });
});
