import { readFileSync } from "node:fs";
import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { type FileUse, files } from "@qpp/plugins/files/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, changed, pathFrom, STANDARD } from "../../packages/plugins/src/files/descriptors.js";
import { crossFiles } from "../emulator/machine/cross.js";
import { peer } from "../peers.js";
import { resultOf, rigWith } from "./real.js";
import { built } from "./symbols/built.js";

const GCC = "riscv64-linux-gnu-gcc";

describe.skipIf(!peer(GCC))(`files (needs ${GCC})`, () => {
  it("knows what the kernel says of each descriptor, over dup, pipe, fork and close", async () => {
    const path = built("opener.c", ["-O1", "-static"]);
    const rig = await rigWith(
      { path, image: readFileSync(path), args: [path] },
      { syscalls: {}, files: {} },
      { files: crossFiles(path) },
    );
    /** What the plugin says whenever the guest has listed its descriptors. */
    const said: string[] = [];
    const events: string[] = [];
    const witness = plugin("witness", {
      requires: { machine, files },
      install({ machine, files }) {
        machine.syscalls
          .where(({ name }) => name === "write")
          .entered.register(({ args: [fd, at = 0, length = 0] }) => {
            if (fd !== 1) return;
            const text = Buffer.from(machine.memory.read(at, length) ?? new Uint8Array()).toString();
            const who = text.slice(0, text.indexOf(" "));
            for (let each = 0; each < 20; each++) {
              const known = files.pathOf(each);
              if (known !== undefined) said.push(`${who} ${each} ${known}`);
            }
            said.push(`${who} .`);
          });
        files.onOpen.register((_process, what, fd, error) => events.push(`open ${what} ${error ?? fd}`));
        files.onRead.register((_process, what, bytes) => events.push(`read ${what} ${bytes}`));
        files.onClose.register((_process, what, fd) => events.push(`close ${what} ${fd}`));
      },
    });
    await rig.container.load([{ plugin: witness }]);
    expect(rig.run()).toMatchObject({ code: 0 });
    const kernel = rig
      .output()
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/pipe:.*/, "(pipe)").replace(/ ([012]) .*/, " $1"));
    expect(said.map((line) => line.replace(/ ([012]) .*/, " $1"))).toEqual(kernel);
    expect(kernel.filter((line) => line.endsWith("."))).toEqual(["parent .", "child .", "parent ."]);
    expect(kernel.length).toBeGreaterThan(20);

    const program = path.split("/").at(-1);
    expect(events.filter((event) => !event.includes("(standard"))).toEqual([
      `open ${path} 3`,
      "open /nope ENOENT",
      `read ${path} 10`,
      `read ${path} 5`,
      `read ${path} 7`,
      "read (pipe) 7",
      `close ${path} 4`,
      `close ${path} 10`,
      "close (pipe) 5",
    ]);
    const { files: all } = resultOf(rig, "files") as { files: FileUse[] };
    const use = (what: string) => all.find((each) => each.path === what);
    expect(use(path)).toMatchObject({
      opens: 1,
      reads: 3,
      bytesRead: 22,
      bytesMapped: 4096,
      bytesWritten: 0,
    });
    expect(use("/nope")).toMatchObject({ opens: 0, failures: { ENOENT: 1 }, processes: [`${program} 100`] });
    expect(use("(pipe)")).toMatchObject({ bytesRead: 7, bytesWritten: 8 });
    expect(use("(pipe)")?.processes).toHaveLength(2);
  });
});

describe("descriptors", () => {
  const fd = fc.nat({ max: 8 });
  const closesOnExec = fc.boolean();
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ kind: fc.constant("opened" as const), fd, path: fc.constantFrom("/a", "/b"), closesOnExec }),
    fc.record({ kind: fc.constant("copied" as const), from: fd, to: fd, closesOnExec }),
    fc.record({ kind: fc.constant("closed" as const), first: fd, last: fd }),
    fc.record({ kind: fc.constant("marked" as const), fd, closesOnExec }),
    fc.record({ kind: fc.constant("executed" as const) }),
  );

  it("are what a table of slots would hold, and never change in place", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const slots: ({ path: string; closesOnExec: boolean } | undefined)[] = [
          ...STANDARD.open.values(),
        ].map((opened) => ({ ...opened }));
        let present = STANDARD;
        for (const each of changes) {
          const before = JSON.stringify([...present.open]);
          const next = changed(present, each);
          expect(JSON.stringify([...present.open])).toBe(before);
          present = next;
          if (each.kind === "opened") slots[each.fd] = { path: each.path, closesOnExec: each.closesOnExec };
          if (each.kind === "copied") {
            const path = slots[each.from]?.path ?? `(descriptor ${each.from})`;
            slots[each.to] = { path, closesOnExec: each.closesOnExec };
          }
          if (each.kind === "closed") for (let i = each.first; i <= each.last; i++) slots[i] = undefined;
          const slot = each.kind === "marked" ? slots[each.fd] : undefined;
          if (slot !== undefined && each.kind === "marked") slot.closesOnExec = each.closesOnExec;
          for (const [i, one] of slots.entries()) {
            if (each.kind === "executed" && one?.closesOnExec) slots[i] = undefined;
          }
          for (let i = 0; i <= 8; i++) expect(present.open.get(i)).toEqual(slots[i]);
        }
      }),
    );
  });

  it("are what paths are relative to", () => {
    const there = changed(changed(STANDARD, { kind: "moved", folder: "/home" }), {
      kind: "opened",
      fd: 5,
      path: "/etc",
      closesOnExec: false,
    });
    expect(pathFrom(STANDARD, -100, "x")).toBe("x");
    expect(pathFrom(there, -100, "x")).toBe("/home/x");
    expect(pathFrom(there, 5, "../passwd")).toBe("/passwd");
    expect(pathFrom(there, 6, "x")).toBe("x");
    expect(pathFrom(there, 5, "/abs")).toBe("/abs");
  });
});
