import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peer } from "../../../peers.js";
import { compile } from "../../../programs/harness/compile.js";
import { createRig, type Rig } from "../../machine/rig.js";

const COMPILER = "riscv64-linux-gnu-gcc";

describe.skipIf(!peer(COMPILER))(`a server of the host (needs ${COMPILER})`, () => {
  let server: Server;
  let port = 0;
  let visits = 0;
  beforeAll(async () => {
    server = createServer(() => {
      visits += 1;
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address !== null && typeof address === "object") port = address.port;
  });
  afterAll(() => void server.close());

  /** Has a guest knock at the server's port. */
  async function knock(loopback: boolean): Promise<Rig> {
    const path = fileURLToPath(new URL("knock.c", import.meta.url));
    const text = readFileSync(path, "utf8");
    const made = await compile(
      {
        name: "network/knock",
        path,
        text,
        flags: [],
        link: "static",
        libraries: [],
        args: [],
        loopback,
        stdin: "",
        witness: "qemu",
      },
      "riscv64",
    );
    const rig = await createRig({ path: made, image: readFileSync(made), args: [`${port}`] }, { loopback });
    rig.run();
    // A connection would be heard of once the event loop goes on.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return rig;
  }

  test("is not reached by a guest that has a loopback interface: it is the guest's own", async () => {
    expect(port).toBeGreaterThan(0);
    const rig = await knock(true);
    expect(rig.output()).toBe("ECONNREFUSED\nENETUNREACH\n");
    expect(rig.reports).toEqual([expect.stringContaining("the guest reaches itself only")]);
    expect(visits).toBe(0);
  });

  test("is not reached by a guest without", async () => {
    const rig = await knock(false);
    expect(rig.output()).toBe("EACCES\nEACCES\n");
    expect(rig.reports).toEqual([expect.stringContaining("--allow-net")]);
    expect(visits).toBe(0);
  });
});
