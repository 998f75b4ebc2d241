/** What the files of a new plugin are made from. */
export interface NewPlugin {
  /** Its name, and that of its package and folder. */
  readonly name: string;
  /** What its contract is called in code. */
  readonly identifier: string;
  /** The version of the packages that it is written for. */
  readonly version: string;
}

/** The files of a new plugin, by name: a whole package, which works as it is. */
export function filesOf(plugin: NewPlugin): Readonly<Record<string, string>> {
  return {
    "package.json": manifest(plugin),
    "tsconfig.json": TSCONFIG,
    // Without one, vitest takes that of a folder further up.
    "vitest.config.js": "export default {};\n",
    ".gitignore": "node_modules\ndist\n",
    "contract.ts": contract(plugin),
    "index.ts": implementation(plugin),
    "index.test.ts": test(plugin),
    "README.md": readme(plugin),
  };
}

function manifest({ name, version }: NewPlugin): string {
  const entry = (file: string): object => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
  const content = {
    name,
    version: "0.1.0",
    description: "Counts the system calls that fail",
    type: "module",
    sideEffects: false,
    files: ["dist"],
    exports: { ".": entry("index"), "./contract": entry("contract") },
    scripts: { build: "tsc", test: "vitest run", prepare: "tsc" },
    peerDependencies: { "@qpp/core": `^${version}`, "@qpp/emulator": `^${version}` },
    devDependencies: { "fast-check": "^4.10.2", typescript: "^7.0.2", vitest: "^4.1.12" },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "skipLibCheck": true,
    "declaration": true,
    "rootDir": ".",
    "outDir": "dist"
  },
  "include": ["*.ts"],
  "exclude": ["*.test.ts"]
}
`;

function contract({ name, identifier }: NewPlugin): string {
  return `import { callback, contract, fn } from "@qpp/core";

/** What \`${name}\` offers to other plugins. */
export const ${identifier} = contract("${name}", {
  callbacks: {
    /** A system call failed. */
    failed: callback<[call: string, error: string]>(),
  },
  functions: {
    /** How many have failed so far. */
    failures: fn<() => number>(),
  },
});
`;
}

function implementation({ identifier }: NewPlugin): string {
  return `import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { ${identifier} } from "./contract.js";

export default plugin(${identifier}, {
  version: "0.1.0",
  description: "Counts the system calls that fail",
  requires: { machine },
  install({ machine, callbacks, report, summary }) {
    let failures = 0;
    machine.syscalls.returned.register(({ name, error }) => {
      if (error === undefined) return;
      failures++;
      callbacks.failed.run(name, error);
    });
    report(() => ({ failures }));
    summary(() => \`\${failures} system calls failed\`);
    return { failures: () => failures };
  },
});
`;
}

function test({ name, identifier }: NewPlugin): string {
  return `import { createTestContainer } from "@qpp/core/testing";
import { createFakeMachine } from "@qpp/emulator/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ${identifier} } from "./contract.js";
import plugin from "./index.js";

/** System calls with the names that the test expects for them, and what comes of them: a value, or minus an errno. */
const calls = fc.array(
  fc.record({
    call: fc.constantFrom(
      { number: 56, name: "openat" },
      { number: 63, name: "read" },
      { number: 64, name: "write" },
    ),
    outcome: fc.oneof(
      fc.nat(1000).map((result) => ({ result, error: undefined })),
      fc.constantFrom({ result: -2, error: "ENOENT" }, { result: -13, error: "EACCES" }),
    ),
  }),
);

it("tells and counts the calls that fail, whatever is called", () =>
  fc.assert(
    fc.asyncProperty(calls, async (calls) => {
      const fake = createFakeMachine();
      const { container, faults, load } = createTestContainer();
      await load(fake.plugin, plugin);
      const { failed, failures } = container.use(${identifier});
      const told: [string, string][] = [];
      failed.register((call, error) => void told.push([call, error]));

      for (const { call, outcome } of calls) fake.call({ number: call.number, result: outcome.result });
      fake.end(0);

      const expected = calls.flatMap(({ call, outcome }) =>
        outcome.error === undefined ? [] : [[call.name, outcome.error]],
      );
      expect(told).toEqual(expected);
      expect(failures()).toBe(expected.length);
      expect(container.results().get("${name}")?.result).toEqual({ failures: expected.length });
      expect(faults).toEqual([]);
    }),
  ));
`;
}

function readme({ name, identifier }: NewPlugin): string {
  return `# ${name}

Counts the system calls that fail, and tells other plugins of each. A plugin for QPP.

\`\`\`
npx qpp run -p ./${name} PROGRAM
\`\`\`

- \`contract.ts\` is what it offers to other plugins: they import this, and nothing else.
- \`index.ts\` is how it does that.
- \`index.test.ts\` holds it to its word on a fake machine, for any sequence of calls: \`npm test\`.

While you work on it, \`npx qpp run --watch -p ./${name} PROGRAM\` runs the program again at every change, and \`npx qpp plugins
./${name}\` tells what it offers, with types.

Another plugin uses it so, and is loaded together with it, in any order:

\`\`\`ts
import { plugin } from "@qpp/core";
import { ${identifier} } from "${name}/contract";

export default plugin("user_of_${name}", {
  requires: { calls: ${identifier} },
  install({ calls, log }) {
    calls.failed.register((call, error) => log(call, error, calls.failures()));
  },
});
\`\`\`

\`npm publish\` compiles it to \`dist\` and publishes that. Who has installed it loads it with \`-p ${name}\`.
`;
}
