import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { launchChromium, openPage } from "../test/pages/chromium.js";

/**
 * A live run of three waves, watched through `phase19 serve` in Chromium: the run is killed in wave 2 and started again, the server is
 * killed and started again, and the page ends as the report's page.
 */

const CLI = "dist/src/faces/cli/main.js";
const SECTIONS = ["schedule", "trouble", "loads", "proof", "what-if", "comparison", "money", "audit"];
const WAVES = [1, 2, 3];
const MOST_WAIT_MS = 90_000;

/** An agent that takes a while, and fails what the first agent gets in wave 2. */
const AGENT = `#!/bin/sh
read -r line
sleep 0.3
case "$line" in
  *'"wave":2'*'"agent_id":"agent_0"'*) echo '{"status":"failed","error_message":"no answer","execution_time_ms":300}';;
  *) echo '{"status":"success","execution_time_ms":300}';;
esac
`;

const root = mkdtempSync(join(tmpdir(), "phase19-live-"));
const outputs = join(root, "outputs");
cpSync("fixtures/demo", outputs, { recursive: true });
const agent = join(root, "agent.sh");
writeFileSync(agent, AGENT);
chmodSync(agent, 0o755);

const children = new Set<ChildProcess>();
const browser = await launchChromium();
const faults: string[] = [];
try {
  const server = await serve(0);
  const { page, errors } = await openEmpty(server.url);
  const first = run();
  await until("an attempt of wave 2 is shown", async () => (await headings(page)).includes("Wave 2") && isBusy(page));
  first.child.kill("SIGKILL");
  await first.ended;
  await page.locator(".badge.interrupted").waitFor({ timeout: MOST_WAIT_MS });
  console.log("run killed in wave 2: the page says interrupted");
  const second = run();
  await page.locator(".badge.running").waitFor({ timeout: MOST_WAIT_MS });
  server.child.kill("SIGKILL");
  await page.getByText("The server does not answer").waitFor({ timeout: MOST_WAIT_MS });
  if (errors.length > 0) faults.push(...errors.filter((error) => !error.includes("ERR_")));
  await serve(Number(new URL(server.url).port));
  await page.getByText("The server does not answer").waitFor({ state: "hidden", timeout: MOST_WAIT_MS });
  console.log("server killed and started again: the page follows");
  const exitCode = await second.ended;
  if (exitCode !== 0) faults.push(`the second run ended with ${exitCode}`);
  await page.locator("#audit").waitFor({ timeout: MOST_WAIT_MS });
  await until("the page is that of a finished run", async () => (await page.locator(".badge.running").count()) === 0);
  faults.push(...(await differences(page)));
} finally {
  for (const child of children) child.kill("SIGKILL");
  await browser.close();
  rmSync(root, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? "the page's final state is the report's, in 3 waves" : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

/** A page of a folder in which nothing has run yet. */
async function openEmpty(url: string): ReturnType<typeof openPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

function start(words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

async function serve(port: number): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = start(["serve", "--outputs", outputs, "--port", String(port), "--format", "json"]);
  const [line] = (await new Promise<Buffer>((resolve) => child.stdout!.once("data", resolve))).toString().split("\n");
  return { child, url: (JSON.parse(line!) as { url: string }).url };
}

function run(): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const live = ["--live", "--execute", `command:${agent}`, "--in-flight", "retry", "--quiet"];
  const child = start(["run", "--outputs", outputs, "--time-limit", "1s", ...live]);
  child.stdout!.resume();
  return { child, ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))) };
}

async function headings(page: Page): Promise<string[]> {
  return page.locator("#schedule button").allTextContents();
}

async function isBusy(page: Page): Promise<boolean> {
  return (await page.locator("#gantt .running, #gantt .completed").count()) > 0;
}

async function until(what: string, test: () => Promise<boolean>): Promise<void> {
  const endAt = performance.now() + MOST_WAIT_MS;
  while (!(await test())) {
    if (performance.now() > endAt) throw new Error(`not within ${MOST_WAIT_MS / 1000} s: ${what}`);
    await sleep(100);
  }
}

/** Where the page that was served differs from the report's. */
async function differences(page: Page): Promise<string[]> {
  const file = join(outputs, "phase19", "PHASE_19_AUTONOMOUS_OPTIMIZATION.html");
  const report = await openPage(browser, pathToFileURL(file).href);
  const found = [...report.errors];
  const summaries = await Promise.all([page, report.page].map((one) => one.locator("#summary").textContent()));
  if (summaries[0] !== summaries[1]) found.push("the first screen differs");
  for (const wave of WAVES) {
    for (const one of [page, report.page]) await one.getByRole("button", { name: `Wave ${wave}` }).click();
    for (const id of SECTIONS) {
      const [served, reported] = await Promise.all([page, report.page].map((one) => one.locator(`#${id}`).innerHTML()));
      if (served !== reported) found.push(`section ${id} of wave ${wave} differs`);
    }
  }
  return found;
}
