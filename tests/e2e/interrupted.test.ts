import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { peer } from "../peers.js";
import { command, folderWith, guest } from "./qpp.js";

describe("Ctrl-C", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("(%s) stops the guest; the results so far are reported; exit code %i", async (signal, code) => {
    const folder = folderWith();
    const child = spawn(
      process.execPath,
      [command, "run", "--progress", "--json", "results.json", "-p", "insn", guest("fib"), "50"],
      { cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr === "") child.kill(signal);
      stderr += text;
    });
    expect(await once(child, "close")).toEqual([code, null]);
    expect(stderr).toContain(`qpp: ${signal}: the guest is stopped; these are the results so far`);
    expect(stderr).toMatch(/insn\n {2}total insns: \d+/);
    const document = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
    expect(document.guest).toMatchObject({ exitCode: null, signal: null, stopped: "interrupted" });
    expect(document.plugins.insn.insns).toBe(document.machine.insns);
    expect(document.machine.insns).toBeGreaterThan(1_000_000);
  });
});

describe.skipIf(!peer("script"))("Ctrl-C on a terminal (needs script)", () => {
  it("stops a guest that waits for a line", async () => {
    const line = `'${process.execPath}' '${command}' run -p insn '${guest("stdin-cat")}'`;
    const terminal = spawn("script", ["-qec", line, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let screen = "";
    let presses: NodeJS.Timeout | undefined;
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
      const before = screen;
      screen += text;
      // The terminal's echo, and then what the guest copied.
      const copied = /hello\r\nhello\r\n/;
      // Pressed again, as anybody would, should the first one fall between two reads.
      if (copied.test(screen) && !copied.test(before))
        presses = setInterval(() => terminal.stdin.write("\x03"), 500);
    });
    terminal.stdin.write("hello\n");
    const ended = await once(terminal, "close");
    clearInterval(presses);
    expect(ended).toEqual([130, null]);
    expect(screen).toContain("qpp: SIGINT: the guest is stopped; these are the results so far\r\n");
    expect(screen).toMatch(/total insns: \d+\r\n/);
    expect(screen).toContain("the guest was stopped (interrupted);");
  });
});

describe("stdout closed early", () => {
  /** Runs the command with a standard output that nobody reads. */
  async function unread(args: readonly string[]): Promise<{ code: unknown; stderr: string }> {
    const child = spawn(process.execPath, [command, "run", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    return { code, stderr };
  }

  it("is told when the document cannot be written", async () => {
    const { code, stderr } = await unread(["--json", "-", guest("hello")]);
    expect(code).toBe(125);
    expect(stderr).toContain("qpp: --json -: the results cannot be written: nobody reads it any more\n");
  });

  it("ends the guest by SIGPIPE, as a guest would end anywhere; results are reported", async () => {
    const { code, stderr } = await unread(["-p", "insn", guest("hello")]);
    expect(code).toBe(128 + 13);
    expect(stderr).toContain("SIGPIPE");
    expect(stderr).toMatch(/total insns: \d+/);
  });

  it("does not matter on stderr", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [command, "run", "-p", "insn", guest("hello")], {
      stdio: ["ignore", "pipe", full],
    });
    closeSync(full);
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    const [code] = await once(child, "close");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Hello from RISC-V!\n" });
  });
});
