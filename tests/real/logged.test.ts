import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rootFolder } from "../../scripts/debian-root/place.mjs";
import { qpp } from "../e2e/qpp.js";

const root = rootFolder();
const MINUTE = 60_000;
const SERVER = `
import http.server, threading, urllib.request
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello " + self.path.encode())
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
threading.Thread(target=server.serve_forever, daemon=True).start()
print([urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/{i}").read() for i in range(3)])
server.shutdown()
`;

describe.skipIf(!existsSync(root))("Debian's programs (needs Debian's root: npm run debian-root)", () => {
  it(
    "are logged by name and pid, each process of a shell's pipeline",
    () => {
      const command = "ls / | sort | head -3";
      const program = join(root, "usr/bin/bash");
      const { code, stdout, stderr } = qpp([
        ...["run", "--root", root, "-p", "syscalls_logger", program, "-c", command],
      ]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "bin\nboot\ndev\n" });
      const makers = new Set(stderr.match(/Process '[^']*', pid \d+, ppid \d+$/gm));
      const [shell, first, second, third] = [100, 101, 102, 103];
      const names = { ls: first, sort: second, head: third };
      const expected = Object.entries(names).flatMap(([name, pid]) =>
        ["bash", name].map((maker) => `Process '${maker}', pid ${pid}, ppid ${shell}`),
      );
      expect([...makers].sort()).toEqual([`Process 'bash', pid ${shell}, ppid 1`, ...expected].sort());
      expect(stderr.match(/^Syscall at pc [0-9a-f]+: number 221 \(execve\): Process 'bash'/gm)).toHaveLength(
        3,
      );
    },
    MINUTE,
  );

  it(
    "serve and ask over the loopback interface that --allow-net gives, and not without",
    () => {
      const python = [join(root, "usr/bin/python3"), "-c", SERVER];
      const served = qpp(["run", "-q", "--root", root, "--allow-net", ...python]);
      expect(served).toMatchObject({ code: 0, stdout: "[b'hello /0', b'hello /1', b'hello /2']\n" });
      const refused = qpp(["run", "--root", root, ...python]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("PermissionError");
      expect(refused.stderr).toContain("--allow-net");
    },
    MINUTE,
  );
});
