import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPackageFromTarballData, type Package } from "@arethetypeswrong/core";

/** The workspace's folder. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A package as it would be published. */
export interface Tarball {
  /** The part of its name after the scope, which is its folder's name as well. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly content: Package;
  readonly manifest: Manifest;
  /** The manifest that stands in the workspace. */
  readonly source: Manifest;
}

/** What the tests look at in a package.json. */
export interface Manifest {
  readonly license?: string;
  readonly sideEffects?: unknown;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>> | string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packs all packages into a folder, with the pnpm that the workspace pins. They have to be built. */
export function packAll(folder: string): Tarball[] {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  run(
    "npx",
    ["--yes", packageManager, "-r", "--filter=./packages/*", "pack", "--pack-destination", folder],
    root,
  );
  return readdirSync(folder)
    .filter((file) => file.endsWith(".tgz"))
    .map((file) => {
      const path = join(folder, file);
      const name = file.replace(/^qpp-(.*)-\d.*$/, "$1");
      const bytes = new Uint8Array(readFileSync(path));
      const content = createPackageFromTarballData(bytes);
      return {
        name,
        path,
        bytes,
        content,
        manifest: JSON.parse(content.readFile(`/node_modules/@qpp/${name}/package.json`)),
        source: JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")),
      };
    });
}

/** Runs a tool in a folder, and gives its output. @throws Error with all it printed if it fails. */
export function run(tool: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    cwd,
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 1 << 26,
    env: { ...process.env, CI: "true", NODE_OPTIONS: "", npm_config_update_notifier: "false" },
  });
  if (status === 0) return stdout;
  throw new Error(`${tool} ${args.join(" ")}: ${error?.message ?? `status ${status}`}\n${stdout}${stderr}`);
}
