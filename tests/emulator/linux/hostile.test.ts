import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HANDLERS } from "../../../packages/emulator/src/linux/dispatch.js";
import { type ArgumentKind, SYSCALLS } from "../../../packages/emulator/src/linux/table.js";
import { AT_FDCWD, createTestGuest } from "./test-guest.js";

const SCRATCH = 0x6000_0000n;
/** Calls that end the process would cut most sequences short; they have tests of their own. */
const ENDING: ReadonlySet<string> = new Set([
  "exit",
  "exit_group",
  "rt_sigreturn",
  "rt_sigsuspend",
  "kill",
  "tkill",
  "tgkill",
]);
const calls = SYSCALLS.filter((call) => HANDLERS[call.number] && !ENDING.has(call.name));
const paths = [
  ...["in/a", "in", "out", "out/x", "out/y", "out/d", "out/d/../x", "in/leak", "../victim", "../victim/key"],
  ...["/etc/passwd", "/proc/self/exe", "", ".", "..", "/", "out/x/", "a\u0001b"],
];

const address = fc.oneof(
  { weight: 6, arbitrary: fc.nat(0x1_0100).map((offset) => SCRATCH + BigInt(offset)) },
  { weight: 6, arbitrary: fc.nat(16).map((page) => SCRATCH + BigInt(page * 4096)) },
  { weight: 1, arbitrary: fc.constant(0n) },
);
const small = fc.integer({ min: -2, max: 12 }).map(BigInt);
const bits = fc.nat(24).map((bit) => 1n << BigInt(bit));
const wild = fc.oneof(
  fc.constantFrom(
    0xc000_0000n,
    0xffff_ffffn,
    1n << 32n,
    1n << 53n,
    1n << 63n,
    (1n << 64n) - 4096n,
    0x8000_0000n,
  ),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
);

/** Values that fit the kind of an argument, with others in between. */
const argumentOf = (kind: ArgumentKind | undefined): fc.Arbitrary<bigint | string> => {
  const fitting: Partial<Record<ArgumentKind, fc.Arbitrary<bigint | string>>> = {
    path: fc.constantFrom(...paths),
    string: fc.constantFrom(...paths),
    pointer: address,
    fd: fc.nat(6).map(BigInt),
    pid: fc.constantFrom(0n, 100n, 1n),
    id: fc.constantFrom(0n, 1000n, 0xffff_ffffn),
    dirfd: fc.constant(BigInt(AT_FDCWD)),
    size: fc.oneof(small, fc.constantFrom(8n, 16n, 100n, 4096n, 0x2000n, 0x10_0000n)),
    flags: fc.oneof(small, bits, fc.constantFrom(0o102n, 0x22n, 0x32n)),
    offset: fc.oneof(small, fc.constant(4096n)),
  };
  return fc.oneof(
    { weight: 8, arbitrary: (kind && fitting[kind]) ?? small },
    { weight: 1, arbitrary: fc.oneof(address, small, bits, wild, fc.constantFrom(...paths)) },
  );
};
const call = fc
  .constantFrom(...calls)
  .chain(({ name, arguments: given }) =>
    fc.tuple(fc.constant(name), fc.tuple(...Array.from({ length: 6 }, (_, n) => argumentOf(given[n]?.kind)))),
  );

test("no sequence of system calls throws, gives an impossible result, or touches what is not allowed", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "qpp-hostile-")));
  const victim = join(root, "victim");
  const work = join(root, "work");
  const succeeded = new Set<string>();
  try {
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 1, maxLength: 40, size: "max" }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (sequence, data) => {
          rmSync(work, { recursive: true, force: true });
          mkdirSync(join(work, "in"), { recursive: true });
          mkdirSync(join(work, "out"));
          mkdirSync(victim, { recursive: true });
          writeFileSync(join(victim, "key"), "untouched");
          writeFileSync(join(work, "in/a"), "data");
          symlinkSync(victim, join(work, "in/leak"));
          const guest = createTestGuest({
            files: { cwd: work, allowRead: [join(work, "in")], allowWrite: [join(work, "out")] },
          });
          for (const [path, flags] of [
            ["in/a", 0],
            ["out/x", 0o102],
            ["in", 0],
          ] as const) {
            guest.call("openat", AT_FDCWD, path, flags, 0o644);
          }
          guest.memory.poke(guest.scratch, data);
          for (const [name, args] of sequence) {
            const value = guest.call(name, ...args);
            expect(Number.isSafeInteger(value) && value >= -4095).toBe(true);
            if (value >= 0) succeeded.add(name);
            if (guest.task.process.exitStatus) break;
          }
          guest.kernel.dispose();
          expect(readdirSync(victim)).toEqual(["key"]);
          expect(readFileSync(join(victim, "key"), "utf8")).toBe("untouched");
          expect(readFileSync(join(work, "in/a"), "utf8")).toBe("data");
          expect(readdirSync(root).sort()).toEqual(["victim", "work"]);
        },
      ),
      { numRuns: 300 },
    );
    // Many calls are refused whatever they are asked for.
    expect(succeeded.size).toBeGreaterThan(80);
  } finally {
    rmSync(root, { recursive: true });
  }
});
