import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { get, request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PageDocument, PagePatch } from "../../../src/domain/schemas/page.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { LiveRun } from "../../../src/faces/web/live-run.js";
import { startServer, type RunningServer } from "../../../src/faces/web/server.js";
import { applyPatch, isNext } from "../../../src/pages/elements/patch.js";
import * as renderer from "../../../src/pipeline/report/page/render-page.js";
import { RunWatcher } from "../../../src/pipeline/report/page/run-watcher.js";
import { messageOf, writeScratch } from "../../pipeline/files/scratch.js";
import { HOSTILE, runForPages } from "../../support/page-runs.js";
import { runRecorded } from "../cli/recorded-environment.js";

afterAll(closeSolvers);

let outDir = "";
let finished: PageDocument;
let journal: string[] = [];
beforeAll(async () => {
  ({ outDir, page: finished } = await runForPages());
  journal = readFileSync(join(outDir, "journal.jsonl"), "utf8").trimEnd().split("\n");
});

const open: RunningServer[] = [];
afterEach(() => Promise.all(open.splice(0).map(({ close }) => close())));

async function serve(
  outputs: string,
  host = "127.0.0.1",
  port = 0,
): Promise<{ url: string; faults: string[]; live: LiveRun }> {
  const faults: string[] = [];
  const live = new LiveRun(new RunWatcher(outputs), "test", (fault) => faults.push(fault));
  await live.start();
  const server = await startServer(live, { host, port }, renderer).catch((error: unknown) => {
    live.close();
    throw error;
  });
  open.push(server);
  return { url: server.url, faults, live };
}

function ask(
  url: string,
  options: { method?: string; host?: string } = {},
): Promise<{ status: number; text: string; policy: string }> {
  const { method = "GET", host } = options;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, ...(host !== undefined && { headers: { host } }) }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += String(chunk)));
      response.on("end", () => {
        resolve({ status: response.statusCode!, text, policy: String(response.headers["content-security-policy"]) });
      });
    });
    asked.on("error", reject).end();
  });
}

/** Events of a server as they come. */
function listen(url: string): {
  readonly events: { event: string; id: string; data: string }[];
  readonly close: () => void;
} {
  const events: { event: string; id: string; data: string }[] = [];
  let text = "";
  const asked = get(`${url}events`, (response) => {
    response.on("data", (chunk: Buffer) => {
      text += String(chunk);
      const parts = text.split("\n\n");
      text = parts.pop()!;
      for (const part of parts) {
        const [, event = "", id = "", data = ""] = /^event: (.*)\nid: (.*)\ndata: (.*)$/.exec(part) ?? [];
        if (event !== "") events.push({ event, id, data });
      }
    });
  });
  asked.on("error", () => undefined);
  return { events, close: () => asked.destroy() };
}

async function until(condition: () => boolean): Promise<void> {
  for (let k = 0; k < 100 && !condition(); k++) await sleep(50);
  expect(condition()).toBe(true);
}

it("says that it waits where no run has begun", async () => {
  const { url } = await serve(writeScratch({}));
  const { text } = await ask(`${url}healthz`);
  expect(JSON.parse(text)).toMatchObject({ status: "ok", run_id: null, state: "waiting" });
  expect((await ask(`${url}metrics`)).text).toContain('state="waiting"');
});

describe("a server of a finished run", () => {
  it("answers what it has, only to those who read, and under its own name", async () => {
    const { url } = await serve(join(outDir, ".."));
    const page = await ask(url);
    expect(page.status).toBe(200);
    expect(page.policy).toContain("default-src 'none'");
    expect(page.text).not.toContain(HOSTILE);
    const { page: document } = JSON.parse((await ask(`${url}page.json`)).text) as { page: PageDocument };
    expect({ ...document, history: [] }).toEqual(finished);
    expect(JSON.parse((await ask(`${url}healthz`)).text)).toMatchObject({ status: "ok", run_id: finished.run_id });
    const metrics = (await ask(`${url}metrics`)).text;
    expect(metrics).toContain(`phase19_tasks_total{state="completed"} ${finished.tasks.completed}`);
    expect(metrics).toMatch(/^phase19_cost_total 9?\d/m);
    for (const line of metrics.trimEnd().split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) )?phase19_[a-z_]+(\{[^{}]*\})?( .+)?$/);
    expect((await ask(`${url}nothing`)).status).toBe(404);
    expect((await ask(url, { method: "POST" })).status).toBe(405);
    expect((await ask(url, { host: "evil.example" })).status).toBe(403);
  });

  it("answers whatever is asked for, and goes on", async () => {
    const { url } = await serve(outDir);
    const { hostname, port } = new URL(url);
    const askFor = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request({ hostname, port, path }, (response) => resolve(response.resume().statusCode!));
        asked.on("error", reject).end();
      });
    for (const path of ["//", "//:99999/", "/%", "/../../etc/passwd", "///healthz", "http://[/x"])
      expect([path, await askFor(path)]).toEqual([path, 404]);
    for (const path of ["/healthz", "/healthz?a=%ff", "http://127.0.0.1/healthz", "/?", "http://localhost"])
      expect([path, await askFor(path)]).toEqual([path, 200]);
  });

  it("names a port in use and its cure", async () => {
    const { url } = await serve(join(outDir, ".."));
    const { port } = new URL(url);
    const message = await messageOf(() => serve(join(outDir, ".."), "127.0.0.1", Number(port)));
    expect(message).toBe(`--port: ${port} is in use on 127.0.0.1; give another one, or 0 for any that is free`);
  });

  it("says that it is degraded while the tree is damaged, and goes on when it is whole", async () => {
    const root = writeScratch({ "phase19/phase19_summary.json": "{" });
    const { url, faults } = await serve(root);
    expect((await ask(`${url}healthz`)).status).toBe(503);
    expect(faults).toHaveLength(1);
    rmSync(join(root, "phase19"), { recursive: true });
    await sleep(700);
    expect((await ask(`${url}healthz`)).status).toBe(200);
  });
});

describe("a server of a run that goes on", () => {
  it("tells each change once, never half a line, and ends with the tree's own page", async () => {
    const root = writeScratch({});
    const file = join(root, "phase19.journal.jsonl");
    const { url } = await serve(root);
    const { events, close } = listen(url);
    const ends = journal.findIndex((row) => row.includes('"attempt_ended"'));
    writeFileSync(
      file,
      journal
        .slice(0, ends)
        .map((row) => `${row}\n`)
        .join(""),
    );
    await until(() => events.length > 1);
    let page = (JSON.parse((await ask(`${url}page.json`)).text) as { page: PageDocument }).page;
    expect(page.waves[0]!.tasks.filter(({ state }) => state === "running").length).toBeGreaterThan(0);
    const half = journal[ends]!.slice(0, 40);
    appendFileSync(file, half);
    await sleep(600);
    const numBefore = events.length;
    appendFileSync(file, `${journal[ends]!.slice(40)}\n`);
    await until(() => events.length > numBefore);
    const patched = events.at(-1)!;
    expect(patched.event).toBe("patch");
    expect(isNext(events.at(-2)!.id, patched.id)).toBe(true);
    page = applyPatch(page, JSON.parse(patched.data) as PagePatch);
    expect(page.waves[0]!.counts.completed).toBe(1);
    appendFileSync(
      file,
      journal
        .slice(ends + 1)
        .map((row) => `${row}\n`)
        .join(""),
    );
    await until(() => events.at(-1)!.event === "version");
    page = (JSON.parse((await ask(`${url}page.json`)).text) as { page: PageDocument }).page;
    const facts = ({ waves }: PageDocument) =>
      waves.map(({ tasks, actual }) => [
        actual.cost,
        tasks
          .map(({ task_id, state, attempts }) => [
            task_id,
            state,
            attempts.map(({ end_ms, succeeded }) => [end_ms, succeeded]),
          ])
          .sort(),
      ]);
    expect(facts(page)).toEqual(facts(finished));
    cpSync(outDir, join(root, "phase19.new"), { recursive: true });
    renameSync(join(root, "phase19.new"), join(root, "phase19"));
    rmSync(file);
    const version = events.at(-1)!.id;
    await until(() => events.at(-1)!.id !== version);
    page = (JSON.parse((await ask(`${url}page.json`)).text) as { page: PageDocument }).page;
    expect({ ...page, history: [] }).toEqual(finished);
    close();
  });
});

describe("phase19 serve", () => {
  it("tells its address, ends on an interrupt, and leaves the port free", async () => {
    let url = "";
    const ran = await runRecorded(["serve", "--outputs", join(outDir, "..")], {
      writeOutput: (text) => void (url = (JSON.parse(text) as { url: string }).url),
      abortable: async (work) => {
        const controller = new AbortController();
        const working = work(controller.signal, () => undefined);
        await until(() => url !== "");
        expect((await ask(`${url}healthz`)).status).toBe(200);
        controller.abort();
        return working;
      },
    });
    expect([ran.exitCode, ran.stderr]).toEqual([130, []]);
    await expect(ask(url)).rejects.toThrow();
  });

  it("refuses a folder that is not there, and a port that is none", async () => {
    const missing = await runRecorded(["serve", "--outputs", "nowhere"]);
    expect(missing.stderr).toEqual([
      "phase19: --outputs: nowhere cannot be read: no such file or folder; check the path",
    ]);
    expect((await runRecorded(["serve", "--port", "70000"])).exitCode).toBe(2);
  });
});
