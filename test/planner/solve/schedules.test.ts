import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solve, verify } from "../../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { agents, deferredIds, type Document, estimate, NOW, solveVerified, task } from "../../support/documents.js";

afterAll(closeSolvers);

const NO_LIMIT = { loadLimit: "none" } as const;
const THROUGHPUT = { strategy: "maximize_throughput", ...NO_LIMIT } as const;

const lastEnd = (result: ResultDocument): number => Math.max(0, ...result.schedule.map(({ end_ms }) => end_ms));
const startOf = (result: ResultDocument, id: string): number =>
  result.schedule.find(({ task_id }) => task_id === id)!.start_ms;

/** Tasks of 7 ms that wait one for the other. */
const chain = (length: number, last: Record<string, unknown> = {}): Document["tasks"] =>
  Array.from({ length }, (_, k) =>
    task(`t${k}`, "ab", 7, { depends_on: k === 0 ? [] : [`t${k - 1}`], ...(k === length - 1 ? last : {}) }),
  );

describe("one makespan", () => {
  it("is that of the schedule, where tasks wait, are released, use a pool and agents are away", async () => {
    const document = {
      agents: agents({ unavailable: [[5, 12]] }, {}),
      tasks: [
        task("t1", "ab", 4, { uses: { gpu: 1 } }),
        task("t2", "ab", 6, { uses: { gpu: 1 } }),
        task("t3", "a", 3, { release_ms: 3 }),
      ],
      pools: { gpu: 1 },
    };
    const result = await solveVerified(document, THROUGHPUT);
    expect([result.termination, result.objective.value, result.expected.makespan_ms]).toEqual(["optimal", 15, 15]);
    expect(lastEnd(result)).toBe(15);
    expect(startOf(result, "t3")).toBe(12);
  });

  it("is proven for a chain, and every solver by name finds it too", async () => {
    for (const solver of ["auto", "glpk", "highs"] as const) {
      const result = await solveVerified({ agents: agents({}, {}), tasks: chain(4) }, { ...THROUGHPUT, solver });
      expect([solver, result.termination, result.objective.value, lastEnd(result)]).toEqual([
        solver,
        "optimal",
        28,
        28,
      ]);
    }
  });
});

describe("deadlines behind predecessors", () => {
  const document = (deadlineMs: number) => ({ agents: agents({}, {}), tasks: chain(3, { deadline_ms: deadlineMs }) });

  it("defer the task, with the reason in tasks and times", async () => {
    const result = await solveVerified(document(20));
    expect(deferredIds(result)).toEqual(["t2"]);
    expect(result.deferred_tasks[0]!.reason).toBe(
      "t2 cannot end before 21 ms: t0, t1 need 14 ms before it; its deadline is 20 ms",
    );
    expect(deferredIds(await solveVerified(document(21)))).toEqual([]);
  });

  it("are infeasible where nothing may be deferred, with a conflict that names them", async () => {
    const result = await solveVerified(document(20), { noDefer: true });
    expect([result.termination, result.conflict?.tasks, result.conflict?.verified]).toEqual([
      "infeasible",
      ["t0", "t1", "t2"],
      true,
    ]);
    expect(result.conflict!.explanation).toContain("t0, t1 need 14 ms before it");
    expect((await solveVerified(document(21), { noDefer: true })).termination).toBe("optimal");
  });

  it("say what stands in the way of a task that its slot leaves no room", async () => {
    const tasks = [task("long", "a", 10, { weight: 5, deadline_ms: 12 }), task("short", "a", 4, { deadline_ms: 11 })];
    const result = await solveVerified({
      agents: agents({}, {}),
      tasks: [...tasks, task("z", "a", 1, { release_ms: 1 })],
    });
    expect(deferredIds(result)).toEqual(["short"]);
    expect(result.deferred_tasks[0]!.reason).toMatch(/short cannot end before \d+ ms; its deadline is 11 ms/);
  });
});

describe("what chance makes of a plan", () => {
  it("is told apart from what is expected, and counts what will have been started", async () => {
    const sure = { estimates: { a: estimate(10, { success_probability: 0.6 }) } };
    const tasks = [0, 1, 2].map((k) => task(`t${k}`, "a", 10, { ...sure, depends_on: k === 0 ? [] : [`t${k - 1}`] }));
    const result = await solveVerified({ agents: agents({}), tasks }, { ...NO_LIMIT, maxRetries: 0 });
    const successes = 0.6 + 0.6 ** 2 + 0.6 ** 3;
    expect(result.objective.value).toBeCloseTo(successes, 9);
    expect(result.expected.success_rate).toBeCloseTo(successes / 3, 9);
    expect(result.expected.throughput_per_s).toBeCloseTo((1000 * successes) / 30, 6);
    const { makespan_ms: makespan, throughput_per_s: pace } = result.forecast!;
    expect(makespan.mean).toBeLessThan(30);
    expect(makespan.p5).toBeLessThan(makespan.mean);
    expect(result.expected_throughput).toBe(pace.mean);
  });

  it("is null where nothing is placed", async () => {
    const result = await solveVerified({ agents: agents({}), tasks: [task("t", "a", 5, { held: "not approved" })] });
    expect([result.termination, result.forecast, result.expected_throughput]).toEqual(["optimal", null, null]);
    expect(result.deferred_tasks).toEqual([{ task_id: "t", reason: "held back: not approved" }]);
  });
});

describe("verify", () => {
  const document: Document & { pools: Record<string, number> } = {
    agents: agents({ unavailable: [[20, 30]] }, { available_until_ms: 60 }),
    tasks: [
      task("t1", "a", 6, { release_ms: 2 }),
      task("t2", "b", 5, { depends_on: ["t1"], uses: { gpu: 1 } }),
      task("t3", "a", 5, { uses: { gpu: 1 }, deadline_ms: 20 }),
    ],
    pools: { gpu: 1 },
  };

  /** Message about the document's plan with one task moved to another start; agent_assignments keep start order. */
  async function messageOfMoved(taskId: string, startMs: number): Promise<string> {
    const draft = JSON.parse(JSON.stringify(await solve(document, { now: NOW, ...THROUGHPUT })));
    const entry = draft.schedule.find((one: { task_id: string }) => one.task_id === taskId);
    [entry.start_ms, entry.end_ms] = [startMs, startMs + entry.end_ms - entry.start_ms];
    draft.schedule.sort((a: { start_ms: number }, b: { start_ms: number }) => a.start_ms - b.start_ms);
    for (const list of Object.values(draft.agent_assignments) as string[][]) {
      const start = (id: string) => draft.schedule.find((one: { task_id: string }) => one.task_id === id).start_ms;
      list.sort((a, b) => start(a) - start(b));
    }
    return verify(draft, document, THROUGHPUT).message;
  }

  it.each([
    ["t1", 1, /release\[t1\]: t1 starts at 1 ms, before its release, 2 ms/],
    ["t1", 18, /absence\[t1,a\]: t1 runs from 18 to 24 ms, while a is away from 20 to 30 ms/],
    ["t2", 4, /precedes\[t1,t2\]: t2 starts at 4 ms, before t1 ends at \d+ ms/],
    ["t2", 58, /departure\[t2,b\]: t2 ends at 63 ms, after b leaves at 60 ms/],
    ["t3", 16, /deadline\[t3\]: t3 ends at 21 ms, after its deadline, 20 ms/],
    ["t3", 7, /overlap\[a,0,t1,t3\]/],
    ["t2", 15, /one makespan|expected.makespan_ms|pool\[gpu/],
  ])("sees %s at %i", async (taskId, startMs, message) => {
    expect(await messageOfMoved(taskId, startMs)).toMatch(message);
  });
});
