import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { interpreterModule } from "../../packages/emulator/src/interpreter/generated.js";
import { root } from "./tarballs.js";

const dist = join(root, "packages/emulator/dist");

it("has built the very interpreter that sources generate", () => {
  const files = readdirSync(dist).filter((file) => file.endsWith(".wasm"));
  expect(files).toHaveLength(1);
  const built = readFileSync(join(dist, files[0] ?? ""));
  expect(built.equals(interpreterModule())).toBe(true);
});

it("leaves what generates it out of what runs", () => {
  const maps = readdirSync(dist).filter((file) => file.endsWith(".js.map"));
  const sources = maps.flatMap((file) => JSON.parse(readFileSync(join(dist, file), "utf8")).sources);
  expect(sources).toContain("../src/interpreter/prebuilt.ts");
  expect(sources).not.toContain("../src/interpreter/generated.ts");
});
