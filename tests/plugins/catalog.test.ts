import { existsSync } from "node:fs";
import { catalog, findInCatalog } from "@qpp/plugins/catalog";
import { describe, expect, it } from "vitest";

describe("the catalog", () => {
  it.each(catalog.map((entry) => [entry.name, entry] as const))(
    "loads %s as it tells",
    async (name, entry) => {
      const plugin = await entry.load();
      expect(plugin.name).toBe(name);
      expect(plugin.description).toMatch(/^[A-Z]/);
      const folder = new URL(`../../packages/plugins/src/${name.replaceAll("_", "-")}/`, import.meta.url);
      expect(existsSync(new URL("README.md", folder))).toBe(true);
      expect(entry.url).toBe(new URL("index.ts", folder).href);
      const header: object = await import(new URL("contract.ts", folder).href);
      expect(Object.values(header)).toContain(plugin.contract);
    },
  );

  it("is in alphabetical order, without doubles", () => {
    const names = catalog.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(findInCatalog("nothing")).toBeUndefined();
  });
});
