import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { document, folderWith, guest, qpp, root } from "./qpp.js";

/** A folder from which the tests' own packages can be imported. */
function folderAmongTests(files: Readonly<Record<string, string>>): string {
  mkdirSync(join(root, "tests/.qpp"), { recursive: true });
  const folder = mkdtempSync(join(root, "tests/.qpp/e2e-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe("arguments by a schema of zod", () => {
  const source = `
    import { plugin } from "@qpp/core";
    import { z } from "zod";
    export default plugin("mine", {
      args: z.strictObject({
        limit: z.coerce.number().int().min(1).max(1000).default(10).describe("How many to list"),
        order: z.enum(["up", "down"]).describe("Which ones first"),
        loud: z.stringbool().optional().describe("Say more"),
      }),
      install({ args, report }) {
        const limit: number = args.limit;
        const order: "up" | "down" = args.order;
        const loud: boolean | undefined = args.loud;
        report(() => ({ limit, order, loud }));
      },
    });`;
  const folder = (): string => folderAmongTests({ "mine.ts": source });

  it("become typed values", () => {
    const path = join(folder(), "mine.ts");
    const { plugins } = document(["-p", `${path},limit=7,order=down,loud=yes`, guest("hello")]);
    expect(plugins.mine).toEqual({ limit: 7, order: "down", loud: true });
    const defaults = document(["-p", `${path},order=up`, guest("hello")]).plugins;
    expect(defaults.mine).toEqual({ limit: 10, order: "up" });
  });

  it("are all told when they are wrong, with the library's words, before the guest runs", () => {
    const args = ["run", "-p", "./mine.ts,limit=many,order=left,nonsense=1", guest("hello")];
    const { code, stdout, stderr } = qpp(args, { cwd: folder() });
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toMatch(/^qpp: plugin "mine": argument "limit": Invalid input: expected number/);
    expect(stderr).toContain('argument "order": Invalid option: expected one of "up"|"down"');
    expect(stderr).toContain('Unrecognized key: "nonsense"');
    expect(qpp(["run", "-p", "./mine.ts", guest("hello")], { cwd: folder() }).stderr).toContain(
      'argument "order": Invalid option',
    );
  });

  it("are described from the schema", () => {
    expect(qpp(["plugins", "./mine.ts"], { cwd: folder() }).stdout).toContain(`arguments
  argument  default     what it does
  limit     10          How many to list; integer from 1 to 1000
  order     (required)  Which ones first; up, down
  loud                  Say more
`);
  });

  it("are not told where JSON Schema has no words for them", () => {
    const bigint = source.replace("z.stringbool()", "z.coerce.bigint()").replace("boolean", "bigint");
    const { code, stdout } = qpp(["plugins", "./mine.ts"], { cwd: folderAmongTests({ "mine.ts": bigint }) });
    expect(code).toBe(0);
    expect(stdout).toContain("arguments\n  its schema does not tell");
  });
});

describe("the types of what a plugin offers", () => {
  it("are those of its declarations, with their comments", () => {
    const osi = qpp(["plugins", "osi"]).stdout;
    expect(osi).toContain(`callbacks
  processChanged(now: OsProcess, before: OsProcess)
    The running process is another one than before, or has another name.
    up to 256 subscribers
  processEnded(process: OsProcess, code: number)
    A process has ended, with this exit code, or with 128 + the number of a signal.
    up to 256 subscribers

functions
  process(): OsProcess
    The process that is running.
`);
    // Its declarations do not import the contract, which has the comments.
    expect(qpp(["plugins", "qpp_srv"]).stdout).toMatch(/\n {2}doAdd\(x: number\): number\n {4}\S/);
  });

  it("are those of the machine, too", () => {
    expect(qpp(["plugins"]).stdout).toMatch(/^machine {2,}What all others build on/m);
    const { code, stdout } = qpp(["plugins", "machine"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\n {2}exited\(code: number, exit: GuestExit\)\n {4}Once, when the guest has ended/,
    );
    expect(stdout).toMatch(/\n {2}stop\(code: number, reason: string\): void\n {4}Ends the guest/);
    expect(stdout).toContain("\n  blocks: BlockEvents\n");
    expect(stdout).not.toContain("@link");
    expect(stdout).not.toContain("cannot be told");
  });

  it("are those of a file's source: its own, or a contract beside it", () => {
    const contract = `
      import { callback, contract, fn, value } from "@qpp/core";
      export interface Clock { now(): number }
      export const mine = contract("mine", {
        callbacks: {
          /** May it go on? */
          veto: callback<[pc: number, why: { text: string }], boolean>({ combine: "any", capacity: 4 }),
          plain: callback<[]>(),
          own: callback<[number], number>({ combine: (all) => all.length }),
        },
        functions: {
          /**
           * Finds one,
           * if it is there.
           */
          find: fn<<T>(list: readonly T[], test?: (one: T) => boolean) => T | undefined>(),
        },
        values: { clock: value<Clock>() },
      });`;
    const body = `{ install: () => ({ find: () => undefined, clock: { now: () => 1 } }) }`;
    const beside = folderWith({
      "contract.ts": contract,
      "mine.ts": `import { plugin } from "@qpp/core"; import { mine } from "./contract.js"; export default plugin(mine, ${body});`,
    });
    const text = `callbacks
  veto(pc: number, why: { text: string }): boolean
    May it go on?
    up to 4 subscribers, whose results combine by any
  plain()
    up to 256 subscribers
  own(number): number
    up to 256 subscribers, whose results combine by a function of its own

functions
  find<T>(list: readonly T[], test?: (one: T) => boolean): T | undefined
    Finds one, if it is there.

values
  clock: Clock
`;
    expect(qpp(["plugins", "./mine.ts"], { cwd: beside }).stdout).toContain(text);
    const whole = folderWith({
      "mine.ts": `${contract} import { plugin } from "@qpp/core"; export default plugin(mine, ${body});`,
    });
    expect(qpp(["plugins", "./mine.ts"], { cwd: whole }).stdout).toContain(text);
  });

  it("are missing, and said to be, where there are none", () => {
    const folder = folderWith({
      "js.mjs": `import { contract, fn, plugin } from "@qpp/core";
        export default plugin(contract("js", { functions: { add: fn() } }), { install: () => ({ add: () => 1 }) });`,
    });
    const { code, stdout } = qpp(["plugins", "./js.mjs"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("functions\n  add\n");
    expect(stdout).toMatch(/\nSome types cannot be told: .*\n$/);
    expect(qpp(["plugins", "osi"]).stdout).not.toContain("cannot be told");
  });
});
