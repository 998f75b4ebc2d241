import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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

describe("a guest that waits for input that does not come", () => {
  /** Two numbers of /proc/pid/stat: what it took of the processor, in hundredths of a second. */
  function ticks(pid: number | undefined): number {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    return Number(fields[13]) + Number(fields[14]);
  }

  it.each(["pipe", "socket"] as const)(
    "(%s) takes next to no time, and ends at once by SIGINT",
    async (kind) => {
      const fifo = join(folderWith(), "fifo");
      const fd =
        kind === "pipe" && spawnSync("mkfifo", [fifo]).status === 0 && openSync(fifo, constants.O_RDWR);
      const child = spawn(process.execPath, [command, "run", "-p", "insn", guest("stdin-cat")], {
        stdio: [fd === false ? "pipe" : fd, "pipe", "pipe"],
      });
      let stderr = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      if (fd === false) child.stdin?.write("hello\n");
      else writeSync(fd, "hello\n");
      const [copied] = child.stdout ? await once(child.stdout, "data") : [];
      expect(String(copied)).toBe("hello\n");
      await sleep(300);
      const before = ticks(child.pid);
      await sleep(1000);
      expect(ticks(child.pid) - before).toBeLessThan(30);
      const pressed = performance.now();
      child.kill("SIGINT");
      expect(await once(child, "close")).toEqual([130, null]);
      if (fd !== false) closeSync(fd);
      expect(performance.now() - pressed).toBeLessThan(2000);
      expect(stderr).toContain("qpp: SIGINT: the guest is stopped; these are the results so far");
      expect(stderr).toMatch(/total insns: \d+/);
    },
  );
});

describe.skipIf(!peer("script"))("Ctrl-C on a terminal (needs script)", () => {
  it("stops a guest that waits for a line", async () => {
    const line = `'${process.execPath}' '${command}' run -p insn '${guest("stdin-cat")}'`;
    const terminal = spawn("script", ["-qec", line, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let screen = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
      const before = screen;
      screen += text;
      // The terminal's echo, and then what the guest copied.
      const copied = /hello\r\nhello\r\n/;
      if (copied.test(screen) && !copied.test(before)) terminal.stdin.write("\x03");
    });
    terminal.stdin.write("hello\n");
    expect(await once(terminal, "close")).toEqual([130, null]);
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
