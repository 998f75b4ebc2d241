import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { qpp } from "../e2e/qpp.js";
import { peer } from "../peers.js";
import { reportFolder } from "./folder.js";

describe.skipIf(!peer("chromium"))("the report in a browser (needs chromium)", () => {
  let browser: Browser;
  beforeAll(async () => {
    const executablePath = spawnSync("which", ["chromium"], { encoding: "utf8" }).stdout.trim();
    // As root, where tests in containers run, Chromium has no sandbox of its own.
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu-sandbox", "--in-process-gpu"],
    });
  }, 60_000);
  afterAll(() => browser?.close());

  /** Shows the report of the folder, and gathers what goes wrong meanwhile. */
  async function show(
    options: Parameters<Browser["newPage"]>[0] = {},
  ): Promise<{ page: Page; wrong: string[] }> {
    const folder = reportFolder();
    expect(qpp(["report", folder, "--source", folder]).stderr).toBe("");
    const page = await browser.newPage(options);
    const wrong: string[] = [];
    page.on("console", (message) => {
      if (message.type() !== "log") wrong.push(message.text());
    });
    page.on("pageerror", (error) => void wrong.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) wrong.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, "report.html")).href);
    return { page, wrong };
  }

  test("shows every section, with the numbers of the run", async () => {
    const { page, wrong } = await show();
    expect(await page.locator("section h2").allTextContents()).toEqual([
      "Summary",
      "Flame graph",
      "Code",
      "Memory",
      "Coverage",
      "Timeline",
      "Wiring",
    ]);
    expect((await page.locator("[data-fact=insns]").textContent())?.replaceAll(/\D/g, "")).toBe("1234567");
    expect(await page.locator("#summary code").textContent()).toBe("/bin/</script><b>odd -x");
    expect(JSON.parse((await page.locator("[data-plugin=insn]").textContent()) ?? "")).toEqual({
      insns: 1234567,
    });
    expect(await page.getByRole("alert").textContent()).toContain('plugin "p" failed in report');
    const functions = page.getByRole("table", { name: "Functions" }).locator("tbody tr");
    expect(await functions.allInnerTexts()).toEqual(["work\t70\t70.0 %", "main\t30\t30.0 %"]);
    const code = page.getByRole("table", { name: "Disassembly of work" }).locator("tr");
    expect((await code.allInnerTexts()).map((row) => row.trim())).toEqual([
      "odd.c:2   x++;",
      "60\t0x1000\taddi a0,a0,1",
      "odd.c:3   return x;",
      "10\t0x1004\tjalr zero,0(ra)",
    ]);
    expect(await page.locator("#wiring svg text").allTextContents()).toEqual([
      "machine",
      "",
      "insn",
      "inline",
    ]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("the flame graph zooms and moves by mouse and keyboard", async () => {
    const { page, wrong } = await show();
    const total = page.locator("[data-flame=total]");
    const chosen = page.locator("[data-flame=name]");
    const frames = page.locator("#flame [role=treeitem]");
    expect((await frames.allTextContents()).sort()).toEqual(["all", "leaf", "main", "work"]);
    expect(await total.textContent()).toBe("100");
    await frames.filter({ hasText: "work" }).click();
    await expect.poll(() => total.textContent()).toBe("70");
    const widths = await frames.evaluateAll((each) => each.map(({ style }) => style.width));
    expect(widths.filter((width) => width === "100%")).toHaveLength(3);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => chosen.textContent()).toBe("leaf");
    await page.keyboard.press("Enter");
    await expect.poll(() => total.textContent()).toBe("10");
    await page.keyboard.press("Escape");
    await expect.poll(() => chosen.textContent()).toBe("all");
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("the search finds functions and events, from the keyboard too", async () => {
    const { page, wrong } = await show();
    await page.keyboard.press("/");
    await page.keyboard.type("wor");
    await expect.poll(() => page.locator(".frame.found").allTextContents()).toEqual(["work"]);
    expect(await page.locator("#flame .facts").textContent()).toContain("70.0 % of all match the search");
    expect(await page.getByRole("table", { name: "Functions" }).locator("tbody tr").count()).toBe(1);
    await page.getByRole("searchbox").fill("write");
    const events = page.getByRole("table", { name: "Events in sight" }).locator("tbody tr");
    await expect.poll(() => events.count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("coverage, heat map and timeline tell what is pointed at", async () => {
    const { page, wrong } = await show();
    const files = page.getByRole("table", { name: "Files" }).locator("tbody tr");
    expect(await files.allInnerTexts()).toEqual(["/src/odd.c\t2\t3\t66.7 %"]);
    await files.getByRole("button").click();
    await page.getByRole("table", { name: "Lines of /src/odd.c" }).waitFor();
    const lines = page.getByRole("table", { name: "Lines of /src/odd.c" }).locator("tr");
    expect(await lines.evaluateAll((rows) => rows.map(({ className }) => className))).toEqual([
      "",
      "hit",
      "hit",
      "",
      "missed",
      "",
    ]);
    const cell = page.locator("[data-heat=cell]");
    expect(await cell.textContent()).toBe("0x8000, process 100, slice 0: 7 accesses");
    await page.locator("canvas").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => cell.textContent()).toBe("0x9000, process 100, slice 1: 4 accesses");
    const events = page.getByRole("table", { name: "Events in sight" }).locator("tbody tr");
    expect(await events.count()).toBe(2);
    await page.getByRole("slider").focus();
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => events.allInnerTexts()).toEqual(["90.0\todd 100\twrite"]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("follows the system's light or dark, and can be changed", async () => {
    const { page } = await show({ colorScheme: "dark" });
    const back = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await back();
    await page.getByRole("button", { name: "Light" }).click();
    await expect.poll(back).not.toBe(dark);
    await page.close();
  });
});
