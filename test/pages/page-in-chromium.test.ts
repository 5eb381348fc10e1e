import { randomUUID } from "node:crypto";
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageDocument } from "../../src/domain/schemas/page.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { pageOfResult } from "../../src/pipeline/report/page/page-of-result.js";
import { LiveRun } from "../../src/faces/web/live-run.js";
import { type RunningServer, startServer } from "../../src/faces/web/server.js";
import * as renderer from "../../src/pipeline/report/page/render-page.js";
import { RunWatcher } from "../../src/pipeline/report/page/run-watcher.js";
import { result } from "../faces/cli/stand-ins.js";
import { writeScratch } from "../pipeline/files/scratch.js";
import { HOSTILE, runForPages } from "../support/page-runs.js";
import { readAgentRows, type Row } from "../support/pipeline-runs.js";
import { findViolations, HAS_CHROMIUM, launchChromium, NEEDS_CHROMIUM, openPage } from "./chromium.js";

it.runIf(NEEDS_CHROMIUM)("has the Chromium that it needs here", () => {
  expect(HAS_CHROMIUM).toBe(true);
});

afterAll(closeSolvers);

describe.skipIf(!HAS_CHROMIUM)("the page in a browser (skipped without chromium)", () => {
  let browser: Browser;
  let outDir = "";
  let run: PageDocument;
  let url = "";

  beforeAll(async () => {
    [browser, { outDir, page: run }] = await Promise.all([launchChromium(), runForPages()]);
    url = pathToFileURL(join(outDir, "PHASE_19_AUTONOMOUS_OPTIMIZATION.html")).href;
  });
  afterAll(() => browser.close());

  it("shows the figures of the files, and no error", async () => {
    const { page, errors } = await openPage(browser, url);
    const { completed, total } = run.tasks;
    await expect(page.locator(".tile .value").first().textContent()).resolves.toBe(`${completed} of ${total}`);
    const rows = readAgentRows<Row>(outDir, "scheduled_tasks.jsonl").filter(({ wave }) => wave === 1);
    expect(await page.locator("#gantt [data-task]").count()).toBe(rows.length);
    await page.getByText("The schedule as a table").click();
    const cells = await page.locator("#schedule details tbody tr").allTextContents();
    expect(cells).toHaveLength(rows.length);
    for (const row of rows) {
      expect(
        cells.some((text) => text.startsWith(`${row["task_id"]}${row["agent_id"]}`) && text.endsWith("completed")),
      ).toBe(true);
    }
    await page.getByRole("button", { name: "Wave 2" }).click();
    expect(await page.locator("#gantt .failed").count()).toBe(
      run.waves[1]!.tasks.find(({ task_id }) => task_id === "broken")!.attempts.length,
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  it("shows a hostile name as text, and lets no other script run", async () => {
    const { page, errors } = await openPage(browser, url);
    expect(await page.locator("img").count()).toBe(0);
    await page.locator(`#gantt [data-task="${HOSTILE}"] .planned`).click();
    await expect(page.locator(".details h3").textContent()).resolves.toContain(HOSTILE);
    const ran = await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement("script");
      script.textContent = "globalThis.intruded = true";
      document.body.append(script);
      resolve(globalThis.intruded === true);
    })`);
    expect(ran).toBe(false);
    expect(errors).toMatchObject([expect.stringContaining("Content Security Policy") as string]);
    await page.close();
  });

  it("is used with the keyboard alone", async () => {
    const { page } = await openPage(browser, url);
    await page.locator("#gantt").focus();
    const told: (string | null)[] = [];
    for (const key of ["Home", "ArrowRight", "Escape", "End"]) {
      await page.keyboard.press(key);
      told.push(await page.locator(".details").textContent());
    }
    expect(told[0]).toContain("Why this agent");
    expect(told[2]).toContain("Select a task");
    expect(told[3]).not.toBe(told[0]);
    await page.getByRole("searchbox").focus();
    await page.keyboard.type("broken retried");
    await expect(page.locator("#audit .muted").textContent()).resolves.toMatch(/^2 decisions of/);
    await page.close();
  });

  it.each([
    [1280, "light"],
    [400, "dark"],
    [320, "light"],
  ] as const)(
    "has no fault that axe finds at %i pixels, %s, and no line wider than the screen",
    async (width, scheme) => {
      const { page } = await openPage(browser, url, { width, scheme });
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.locator("#gantt .planned").first().click();
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await page.close();
    },
  );

  it("shows the first of many tasks that were left out for one reason, and the others where they are asked for", async () => {
    const deferred_tasks = Array.from({ length: 300 }, (_, k) => ({
      task_id: `left_${k}`,
      reason: "placing it breaks count[a]",
    }));
    const file = join(writeScratch({}), "left-out.html");
    writeFileSync(file, renderer.renderPage(pageOfResult({ ...result, deferred_tasks })));
    const { page, errors } = await openPage(browser, pathToFileURL(file).href);
    const row = page.locator("#schedule tbody tr", { hasText: "count[a]" });
    expect(await row.textContent()).not.toContain("left_12");
    await row.getByText("288 more").click();
    // What is inside is made once it opens, a moment after the click.
    await row.getByText("left_299").waitFor();
    expect(await row.textContent()).toContain("left_299");
    expect(errors).toEqual([]);
    await page.close();
  });

  it("shows what nobody sees, cuts no name without a sign, and of a plan nothing that only a run knows", async () => {
    const [turned, long] = ["left_\u202Eabc", "Ω".repeat(12) + "0123456789".repeat(4)];
    const file = join(writeScratch({}), "odd.html");
    const { agent_id: agent } = result.schedule[0]!;
    const text = JSON.stringify(pageOfResult({ ...result, deferred_tasks: [{ task_id: turned, reason: "late" }] }));
    const named = JSON.parse(text.replaceAll(JSON.stringify(agent), JSON.stringify(long))) as PageDocument;
    writeFileSync(file, renderer.renderPage(named));
    const { page, errors } = await openPage(browser, pathToFileURL(file).href, { width: 400 });
    const reasons = page.locator("#schedule .scroll", { hasText: "late" });
    expect(await reasons.textContent()).toContain("left_\\u202eabc");
    expect(await reasons.textContent()).not.toContain("Comes again");
    expect(await page.locator("#loads th").allTextContents()).not.toContain("Busy, actual");
    expect(await page.locator("#schedule .legend").textContent()).not.toContain("running");
    const starts = await page
      .locator("#loads svg text.name")
      .evaluateAll((names) => names.map((name) => (name as unknown as { getBBox: () => { x: number } }).getBBox().x));
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
    expect(await page.locator("#loads svg .grid text").count()).toBeGreaterThan(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  // Of processor time: how long that takes depends on what else this machine does.
  it("opens 5,000 tasks within 2 s", async () => {
    const ids = Array.from({ length: 5000 }, (_, k) => `task_${k}`);
    const [entry] = result.schedule;
    const agentOf = (k: number): string => `agent_${k % 100}`;
    const schedule = ids.map((task_id, k) => {
      const start_ms = 100 * Math.floor(k / 100);
      return {
        ...entry!,
        task_id,
        agent_id: agentOf(k),
        start_ms,
        end_ms: start_ms + 90,
        end_interval_ms: [start_ms + 60, start_ms + 150] as const,
      };
    });
    const agent_assignments = Object.fromEntries(
      Array.from({ length: 100 }, (_, k) => [agentOf(k), ids.filter((_, i) => i % 100 === k)]),
    );
    const file = join(writeScratch({}), "large.html");
    writeFileSync(file, renderer.renderPage(pageOfResult({ ...result, schedule, agent_assignments })));
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    await page.goto(pathToFileURL(file).href);
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
    expect(await page.locator("#gantt [data-task]").count()).toBe(5000);
    const { metrics } = await session.send("Performance.getMetrics");
    const processorS = metrics.find(({ name }) => name === "ProcessTime")!.value;
    expect(processorS).toBeGreaterThan(0.01);
    expect(processorS).toBeLessThanOrEqual(2);
    await page.close();
  });
});

describe.skipIf(!HAS_CHROMIUM)("the page that is served (skipped without chromium)", () => {
  it("fills while the run goes, tells that the server is gone, and ends with the report's page", async () => {
    const [browser, { outDir, page: finished }] = await Promise.all([launchChromium(), runForPages()]);
    const rows = readFileSync(join(outDir, "journal.jsonl"), "utf8").trimEnd().split("\n");
    const root = writeScratch({});
    const file = join(root, "phase19.journal.jsonl");
    const write = (from: number, to: number): void =>
      appendFileSync(
        file,
        rows
          .slice(from, to)
          .map((row) => `${row}\n`)
          .join(""),
      );
    const second = rows.findIndex((row, k) => k > 0 && row.includes('"plan_chosen"') && row.includes('"wave":2'));
    write(0, second - 3);
    const start = async (port: number): Promise<RunningServer> => {
      const live = new LiveRun(new RunWatcher(root), randomUUID().slice(0, 8), () => undefined);
      await live.start();
      return startServer(live, { host: "127.0.0.1", port }, renderer);
    };
    let server = await start(0);
    try {
      const { page, errors } = await openPage(browser, server.url);
      const tile = page.locator(".tile .value").first();
      const value = (text: string): Promise<void> => page.locator(".tile .value", { hasText: text }).first().waitFor();
      await expect(tile.textContent()).resolves.toBe("2 of 6");
      write(second - 3, second);
      await value("3 of 6");
      expect(errors).toEqual([]);
      const port = Number(new URL(server.url).port);
      await server.close();
      await page.getByText("The server does not answer").waitFor();
      write(second, rows.length);
      server = await start(port);
      await value("4 of 6");
      cpSync(outDir, join(root, "phase19.new"), { recursive: true });
      renameSync(join(root, "phase19.new"), join(root, "phase19"));
      rmSync(file);
      await page.locator("#audit").waitFor();
      await page.getByText("The server does not answer").waitFor({ state: "hidden" });
      const shown = await page.locator("#summary").textContent();
      const report = await openPage(browser, pathToFileURL(join(outDir, "PHASE_19_AUTONOMOUS_OPTIMIZATION.html")).href);
      expect(shown).toBe(await report.page.locator("#summary").textContent());
      for (const id of ["schedule", "trouble", "loads", "proof", "comparison", "audit"]) {
        await page.getByRole("button", { name: "Wave 2" }).click();
        await report.page.getByRole("button", { name: "Wave 2" }).click();
        expect(await page.locator(`#${id}`).innerHTML()).toBe(await report.page.locator(`#${id}`).innerHTML());
      }
      expect(finished.waves).toHaveLength(2);
    } finally {
      await server.close();
      await browser.close();
    }
  });
});
