import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { HANDLERS } from "../../../packages/emulator/src/linux/dispatch.js";
import { privilegedCalls } from "../../../packages/emulator/src/linux/syscalls/privileged.js";
import { SYSCALLS } from "../../../packages/emulator/src/linux/table.js";
import { LIMITS } from "./syscall-limits.js";

function stateOf(name: string, number: number): string {
  const limit = LIMITS[name];
  if (!HANDLERS[number]) return "ENOSYS";
  if (HANDLERS[number] === privilegedCalls[name]) return "refused: EPERM, as without capabilities";
  if (limit?.startsWith("E")) return `refused: ${limit}`;
  return limit === undefined ? "yes" : `partly: ${limit}`;
}

test("docs/syscalls.md tells what the kernel carries out (npx vitest run -u writes it anew)", async () => {
  const states = SYSCALLS.map(({ number, name }) => ({ number, name, state: stateOf(name, number) }));
  const count = (what: string): number => states.filter(({ state }) => state.startsWith(what)).length;
  const lines = [
    "# System calls",
    "",
    "Of each system call of riscv64 Linux, whether a guest can make it. Written by",
    "`tests/emulator/linux/syscall-table.test.ts` from the table of calls and what carries them out; do not edit.",
    "",
    `${count("yes")} are carried out, ${count("partly")} partly, ${count("refused")} are refused as Linux refuses them to an ordinary ` +
      `user or without the feature, ${count("ENOSYS")} are unknown (ENOSYS, told to the user once).`,
    "",
    "| number | call | supported |",
    "|--:|---|---|",
    ...states.map(({ number, name, state }) => `| ${number} | \`${name}\` | ${state} |`),
    "",
  ];
  await expect(lines.join("\n")).toMatchFileSnapshot(
    fileURLToPath(new URL("../../../docs/syscalls.md", import.meta.url)),
  );
});

test("what is limited is a system call that is carried out", () => {
  const known = new Map(SYSCALLS.map(({ name, number }) => [name, number]));
  const stale = Object.keys(LIMITS).filter((name) => !HANDLERS[known.get(name) ?? -1]);
  expect(stale).toEqual([]);
});
