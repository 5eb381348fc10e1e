import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { afterAll, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { createMcpServer } from "../../../src/faces/mcp/create-server.js";
import { Session } from "../../../src/faces/mcp/session.js";
import type { NextReport } from "../../../src/faces/mcp/plan-tracker.js";
import { verify } from "../../../src/planner/solve/solve.js";
import { ROOT } from "../../source-files.js";
import { agents, task } from "../../support/documents.js";

afterAll(closeSolvers);

const WAVE = {
  agents: agents({}, {}),
  tasks: [task("t0", "ab", 100), task("t1", "ab", 100, { depends_on: ["t0"] }), task("t2", "ab", 100)],
  options: { strategy: "maximize_throughput" },
};
const TOOLS = ["plan", "verify", "explain", "report_outcome", "whats_next"];

async function connect(clock?: () => number) {
  const client = new Client({ name: "test", version: "1" });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await (await createMcpServer("1", new Session(clock))).connect(there);
  await client.connect(here);
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: args });
    const [{ text }] = content as [{ text: string }];
    return { text, isError: isError === true, json: <T>() => JSON.parse(text) as T };
  };
  return { client, call };
}

it("lists its tools; a plan made over it verifies, is explained and carried out", async () => {
  const { client, call } = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS);
  const result = (await call("plan", { problem: WAVE })).json<ResultDocument>();
  expect(result.termination).toBe("optimal");
  expect(verify(result, WAVE).verdict).not.toBe("invalid");
  expect((await call("verify")).json<{ verdict: string }>().verdict).not.toBe("invalid");
  expect((await call("verify", { result, problem: WAVE })).json<{ verdict: string }>().verdict).not.toBe("invalid");
  const { task: asked } = (await call("explain", { task_id: "t0" })).json<{ task: { alternatives: unknown[] } }>();
  expect(asked.alternatives).toHaveLength(1);

  const ready = async (): Promise<string[]> =>
    (await call("whats_next"))
      .json<NextReport>()
      .ready.map(({ task_id }) => task_id)
      .sort();
  expect(await ready()).toEqual(["t0", "t2"]);
  await call("report_outcome", { task_id: "t0", outcome: "started" });
  expect(await ready()).not.toContain("t0");
  const after = (await call("report_outcome", { task_id: "t0", outcome: "completed" })).json<NextReport>();
  expect(after.ready.map(({ task_id }) => task_id)).toContain("t1");
  expect(after.counts).toEqual({ started: 0, completed: 1, failed: 0, open: 2, deferred: 0 });
});

it("answers calls in their order, so that none need wait for the plan before it", async () => {
  const { call } = await connect();
  const [planned, next, started] = await Promise.all([
    call("plan", { problem: WAVE }),
    call("whats_next"),
    call("report_outcome", { task_id: "t0", outcome: "started" }),
  ]);
  expect([planned.isError, next.isError, started.isError]).toEqual([false, false, false]);
  expect(started.json<NextReport>().running).toEqual(["t0"]);
  const [refused, after] = await Promise.all([call("whats_next", { agent_id: "zz" }), call("whats_next")]);
  expect([refused.isError, after.isError]).toEqual([true, false]);
});

it("tells tasks that wait for their agent from those that can never start", async () => {
  const { call } = await connect();
  const chain = {
    agents: agents({}),
    tasks: [
      task("t0", "a", 100),
      task("t1", "a", 100, { depends_on: ["t0"] }),
      task("t2", "a", 100, { depends_on: ["t1"] }),
      task("t3", "a", 100),
    ],
    options: { strategy: "maximize_throughput", load_limit: "none" },
  };
  await call("plan", { problem: chain });
  const started = (await call("report_outcome", { task_id: "t0", outcome: "started" })).json<NextReport>();
  expect(started).toMatchObject({ ready: [], running: ["t0"], queued: [{ task_id: "t3" }], blocked: [] });
  expect(started.waiting.map(({ task_id }) => task_id)).toEqual(["t1", "t2"]);
  const failed = (await call("report_outcome", { task_id: "t0", outcome: "failed" })).json<NextReport>();
  expect(failed).toMatchObject({
    ready: [{ task_id: "t3" }],
    waiting: [],
    blocked: [
      { task_id: "t1", blocked_by: ["t0"] },
      { task_id: "t2", blocked_by: ["t0"] },
    ],
    summary: "start now: t3 on a; 2 that cannot start, for a task before failed: plan again",
  });
  const over = (await call("report_outcome", { task_id: "t3", outcome: "completed" })).json<NextReport>();
  expect(over.summary).toBe("no task may start now; 2 that cannot start, for a task before failed: plan again");
});

it("lets nothing start before its release, while its agent is away, or without room in its pool", async () => {
  let nowMs = 5_000;
  const { call } = await connect(() => nowMs);
  const problem = {
    agents: agents({}, { unavailable: [[0, 50]] }, {}),
    pools: { gpu: 1 },
    tasks: [
      task("x", "a", 100, { pinned_agent: "a", deadline_ms: 110, uses: { gpu: 1 } }),
      task("q", "b", 100, { pinned_agent: "b" }),
      task("r", "c", 100, { pinned_agent: "c", release_ms: 300 }),
      task("s", "c", 100, { pinned_agent: "c", uses: { gpu: 1 } }),
    ],
    options: { strategy: "maximize_throughput", load_limit: "none" },
  };
  await call("plan", { problem });
  const next = async (outcome?: "started" | "completed") => {
    const args = { task_id: "x", outcome };
    const answer = outcome === undefined ? await call("whats_next") : await call("report_outcome", args);
    const { ready, held, queued } = answer.json<NextReport>();
    return [ready, held, queued].map((list) => list.map(({ task_id }) => task_id).sort());
  };
  const before = (await call("whats_next")).json<NextReport>();
  expect(before.held).toContainEqual({
    ...{ task_id: "r", agent_id: "c", from_ms: 300, because: "it is released at 300 ms" },
  });
  expect(before.summary).toContain("q may not start yet: b is away, or would be before it ends");
  expect(await next()).toEqual([["x"], ["q", "r", "s"], []]);
  expect(await next("started")).toEqual([[], ["q", "r", "s"], []]);
  nowMs += 50;
  expect(await next()).toEqual([["q"], ["r", "s"], []]);
  nowMs += 60;
  expect(await next("completed")).toEqual([["q", "s"], [], ["r"]]);
});

it("refuses an argument that it does not know, and a task that waits for one that has not completed", async () => {
  const { call } = await connect();
  await call("plan", { problem: WAVE });
  const unknown = await call("explain", { task: "t0" });
  expect(unknown).toMatchObject({ isError: true, text: expect.stringContaining("task") });
  const early = await call("report_outcome", { task_id: "t1", outcome: "completed" });
  expect(early).toMatchObject({ isError: true, text: expect.stringContaining("say first that t0 has completed") });
});

it("answers what is wrong as an error of the tool, with place, value and cure", async () => {
  const { call } = await connect();
  expect(await call("verify")).toMatchObject({
    isError: true,
    text: expect.stringContaining("call the tool plan first"),
  });
  const wrong = { ...WAVE, agents: [{ agent_id: "a", slotz: 1 }] };
  expect(await call("plan", { problem: wrong })).toMatchObject({
    isError: true,
    text: expect.stringContaining('"slots"'),
  });
  await call("plan", { problem: WAVE });
  expect(await call("report_outcome", { task_id: "t9", outcome: "failed" })).toMatchObject({
    isError: true,
    text: expect.stringContaining('"t9" is not a planned task; did you mean'),
  });
  expect((await call("whats_next", { agent_id: "z" })).isError).toBe(true);
  await call("report_outcome", { task_id: "t2", outcome: "completed" });
  expect((await call("report_outcome", { task_id: "t2", outcome: "failed" })).text).toContain("has already completed");
});

it("serves as a command on standard input and output", { timeout: 60_000 }, async () => {
  const client = new Client({ name: "test", version: "1" });
  const main = `${ROOT}/dist/src/faces/cli/main.js`;
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main, "mcp"] }));
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS);
  await client.close();
});
