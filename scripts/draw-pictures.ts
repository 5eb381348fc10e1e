import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";

/** Draws the pictures of the guides: pages of runs on the fixtures, under a fixed clock, so that what they show can be made again. */

const COMMAND = resolve("dist/src/faces/cli/main.js");
const PICTURES = resolve("docs/pictures");
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

interface Picture {
  readonly name: string;
  readonly fixture: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  /** Brings the page to what the picture shows. */
  readonly prepare: (page: Page) => Promise<void>;
}

async function showTask(page: Page): Promise<void> {
  const task = page.locator('#schedule [data-task="wave1_task015"]').first();
  await task.dispatchEvent("click");
  await page.locator("#schedule").evaluate((section) => section.scrollIntoView({ block: "start" }));
}

const PICTURE: readonly Picture[] = [
  {
    name: "page-summary",
    fixture: "demo",
    width: 1000,
    height: 640,
    scheme: "light",
    prepare: () => Promise.resolve(),
  },
  { name: "page-schedule", fixture: "flow", width: 1000, height: 760, scheme: "light", prepare: showTask },
  { name: "page-narrow-dark", fixture: "flow", width: 400, height: 860, scheme: "dark", prepare: showTask },
];

const executablePath = process.env["CHROMIUM"] ?? PATHS.find((path) => existsSync(path));
if (executablePath === undefined) throw new Error("there is no Chromium; say where it is with CHROMIUM");
const root = mkdtempSync(join(tmpdir(), "phase19-pictures-"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  for (const fixture of new Set(PICTURE.map((picture) => picture.fixture))) {
    cpSync(join("fixtures", fixture), join(root, fixture), { recursive: true });
    const words = ["run", "--outputs", join(root, fixture), "--now", "2026-01-01T00:00:00Z", "--quiet"];
    execFileSync(process.execPath, [COMMAND, ...words], { stdio: ["ignore", "ignore", "inherit"] });
  }
  for (const { name, fixture, width, height, scheme, prepare } of PICTURE) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    const file = join(root, fixture, "phase19/PHASE_19_AUTONOMOUS_OPTIMIZATION.html");
    await page.goto(pathToFileURL(file).href);
    await page.locator("#schedule h2").waitFor();
    await prepare(page);
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(root, { recursive: true });
}
