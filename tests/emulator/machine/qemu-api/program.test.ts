import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { peer } from "../../../peers.js";
import { createRig, guest } from "../rig.js";

describe("path_to_binary, start_code, end_code, entry_code", () => {
  it("tell of the main program, before it runs", async () => {
    const of = guest("count-loop", "one", "two");
    const { program } = (await createRig(of)).api;
    expect(program.path).toBe(of.path);
    expect(program.args).toEqual(["one", "two"]);
    expect(program.entry).toBe(0x1_00e8);
    expect(program.startCode).toBeLessThanOrEqual(program.entry);
    expect(program.endCode).toBeGreaterThan(program.entry);
  });

  it("hold all code that is executed", async () => {
    const rig = await createRig(guest("hello"));
    const { program, blocks } = rig.api;
    const outside: number[] = [];
    blocks.translated.register((b) => {
      if (b.pc < program.startCode || b.pc + b.size > program.endCode) outside.push(b.pc);
    });
    rig.run();
    expect(outside).toEqual([]);
  });

  it.skipIf(!peer("riscv64-linux-gnu-objdump"))(
    "know the symbols that nm lists (needs riscv64-linux-gnu-objdump)",
    async () => {
      const of = guest("count-calls");
      const { program } = (await createRig(of)).api;
      const { stdout } = spawnSync("riscv64-linux-gnu-objdump", ["-t", of.path], { encoding: "utf8" });
      const functions = [...stdout.matchAll(/^([0-9a-f]{16}) .{6}F \S+\s+([0-9a-f]{16}) (\S+)$/gm)];
      expect(functions.length).toBeGreaterThan(5);
      for (const [, address = "", size = "", name] of functions) {
        const start = Number.parseInt(address, 16);
        expect(program.symbolAt(start)).toEqual({ name, offset: 0 });
        const last = Number.parseInt(size, 16) - 1;
        if (last > 0) expect(program.symbolAt(start + last)).toEqual({ name, offset: last });
      }
      expect(program.symbolAt(0)).toBeUndefined();
    },
  );

  it("name the process that runs it", async () => {
    const { process } = (await createRig(guest("hello"))).api;
    expect(process()).toEqual({ pid: expect.any(Number), ppid: expect.any(Number), name: "hello" });
  });
});
