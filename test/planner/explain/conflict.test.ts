import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solve } from "../../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { agents, type Document, estimate, NOW, solveVerified, task } from "../../support/documents.js";
import { randomDocument } from "../../support/random-problem.js";
import { randomTimedDocument } from "../../support/timed/random-wave.js";

afterAll(closeSolvers);

/** The document with only these tasks, only these limits (as the conflict names them), and the load limits of the result. */
function restrict(
  document: Document,
  result: ResultDocument,
  taskIds: readonly string[],
  limits: readonly string[],
): Document {
  const has = (kind: string, agentId: unknown): boolean => limits.includes(`${kind}[${String(agentId)}]`);
  const { budget, max_retries } = result.options;
  return {
    agents: document.agents.map((agent) => ({
      ...agent,
      capacity_ms: has("load", agent.agent_id) ? result.limits.per_agent_ms[agent.agent_id as string] : null,
      max_tasks: has("count", agent.agent_id) ? agent.max_tasks : null,
      available_until_ms: has("departure", agent.agent_id) ? (agent.available_until_ms ?? null) : null,
      unavailable: has("absences", agent.agent_id) ? (agent.unavailable ?? []) : [],
    })),
    tasks: document.tasks
      .filter(({ task_id }) => taskIds.includes(task_id))
      .map(({ depends_on, ...own }) => {
        const kept = ((depends_on ?? []) as string[]).filter(
          (id) => taskIds.includes(id) || document.earlier_tasks?.[id],
        );
        const deadline = limits.includes("deadlines") ? (own.deadline_ms ?? null) : null;
        return { ...own, deadline_ms: deadline, depends_on: kept } as Document["tasks"][number];
      }),
    options: {
      no_defer: true,
      load_limit: "none",
      max_retries,
      ...(limits.includes("budget") && budget !== null ? { budget } : {}),
    },
    earlier_tasks: document.earlier_tasks ?? {},
    ...(document.pools && {
      pools: Object.fromEntries(
        Object.entries(document.pools).map(([id, units]) => [id, has("pool", id) ? units : 1_000]),
      ),
    }),
  };
}

/** The stated conflict holds: it is infeasible alone, and where `minimal`, feasible without any one task or limit. */
async function expectConflict(document: Document, result: ResultDocument): Promise<void> {
  const { tasks, limits, verified, minimal } = result.conflict!;
  const verdict = async (some: readonly string[], kept: readonly string[]): Promise<string> => {
    const { termination } = await solve(restrict(document, result, some, kept), { now: NOW, solver: "lp-solver" });
    return termination === "optimal" || termination === "feasible" ? "feasible" : termination;
  };
  expect([verified, minimal]).toEqual([true, true]);
  expect(await verdict(tasks, limits)).toBe("infeasible");
  for (const one of tasks) {
    expect([
      one,
      await verdict(
        tasks.filter((other) => other !== one),
        limits,
      ),
    ]).toEqual([one, "feasible"]);
  }
  for (const one of limits) {
    expect([
      one,
      await verdict(
        tasks,
        limits.filter((other) => other !== one),
      ),
    ]).toEqual([one, "feasible"]);
  }
}

const pin = { pinned_agent: "a" };
const CASES: Record<string, { document: Document; tasks: string[]; limits: string[] }> = {
  "pins that clash with a capacity": {
    document: {
      agents: agents({ capacity_ms: 25 }, {}),
      tasks: [task("t1", "ab", 10, pin), task("t2", "ab", 10), task("t3", "ab", 20, pin)],
    },
    tasks: ["t1", "t3"],
    limits: ["load[a]"],
  },
  "more tasks than places": {
    document: {
      agents: agents({ max_tasks: 1 }, { max_tasks: 1 }),
      tasks: ["t1", "t2", "t3"].map((id) => task(id, "ab", 1)),
    },
    tasks: ["t1", "t2", "t3"],
    limits: ["count[a]", "count[b]"],
  },
  "a budget that is too small": {
    document: {
      agents: agents({}),
      tasks: [task("t1", "a", 10, { estimates: { a: estimate(10, { cost: 0.25 }) } }), task("t2", "a", 10)],
      options: { budget: 0.5 },
    },
    tasks: ["t2"],
    limits: ["budget"],
  },
  "deadlines on one slot": {
    document: {
      agents: agents({}),
      tasks: [
        task("t1", "a", 10, { deadline_ms: 15 }),
        task("t2", "a", 10, { deadline_ms: 15 }),
        task("t3", "a", 10, { deadline_ms: 90 }),
      ],
    },
    tasks: ["t1", "t2"],
    limits: ["deadlines"],
  },
  "a pool that lets one task at a time run": {
    document: {
      agents: agents({}, {}),
      tasks: ["t1", "t2"].map((id) => task(id, "ab", 10, { deadline_ms: 15, uses: { gpu: 1 } })),
      pools: { gpu: 1 },
    },
    tasks: ["t1", "t2"],
    limits: ["pool[gpu]", "deadlines"],
  },
  "an agent that leaves": {
    document: { agents: agents({ available_until_ms: 15 }), tasks: [task("t1", "a", 10), task("t2", "a", 10)] },
    tasks: ["t1", "t2"],
    limits: ["departure[a]"],
  },
  "an agent that is away": {
    document: {
      agents: agents({ available_until_ms: 25, unavailable: [[5, 15]] }),
      tasks: [task("t1", "a", 10), task("t2", "a", 10)],
    },
    tasks: ["t1", "t2"],
    limits: ["absences[a]", "departure[a]"],
  },
  "an agent that leaves before a task that waits could run there": {
    document: {
      agents: agents({ max_tasks: 1 }, { available_until_ms: 15 }),
      tasks: [task("t1", "a", 18), task("t2", "ab", 10, { depends_on: ["t1"] })],
    },
    tasks: ["t1", "t2"],
    limits: ["count[a]", "departure[b]"],
  },
  "a deadline that only a dear agent keeps": {
    document: {
      agents: agents({}, {}),
      tasks: [
        task("t1", "ab", 10, {
          deadline_ms: 15,
          estimates: { a: estimate(10, { cost: 4 }), b: estimate(20, { cost: 1 }) },
        }),
      ],
      options: { budget: 3 },
    },
    tasks: ["t1"],
    limits: ["budget", "deadlines"],
  },
  "a task without an agent": {
    document: { agents: agents({}), tasks: [task("t1", "a", 10), task("t2", "a", 10, { required_skills: ["rare"] })] },
    tasks: ["t2"],
    limits: [],
  },
  "a task that waits for an unfinished one": {
    document: {
      agents: agents({}),
      tasks: [task("t1", "a", 10), task("t2", "a", 10, { depends_on: ["old"] })],
      earlier_tasks: { old: "unfinished" },
    },
    tasks: ["t2"],
    limits: [],
  },
};

describe("an infeasible wave", () => {
  it.each(Object.entries(CASES))("names %s", async (_, { document, tasks, limits }) => {
    const result = await solveVerified(document, { noDefer: true });
    expect([result.termination, result.limit, result.objective.value]).toEqual(["infeasible", null, null]);
    expect(result.conflict).toMatchObject({ tasks, limits, verified: true, minimal: true });
    for (const id of tasks) expect(result.conflict!.explanation).toContain(id);
    await expectConflict(document, result);
    const deferring = await solveVerified(document);
    expect([deferring.termination, deferring.deferred_tasks.length]).toEqual(["optimal", 1]);
  });

  it("is a conflict that solving confirms, on random waves", { timeout: 60_000 }, async () => {
    let numChecked = 0;
    for (let seed = 1; seed <= 150 && numChecked < 15; seed++) {
      const document = randomDocument({ seed, maxTasks: 7, maxAgents: 3, maxPlans: 20_000 }) as unknown as Document;
      // Everything given, so that leaving tasks out changes no prediction; no deadlines, which make pairs ineligible.
      for (const one of document.tasks) {
        delete one.deadline_ms;
        for (const { agent_id } of document.agents) one.estimates[agent_id as string] ??= estimate(900);
      }
      document.options = { ...document.options, no_defer: true };
      const result = await solveVerified(document, { solver: "glpk" });
      if (result.termination !== "infeasible") continue;
      const agentIds = document.agents.map(({ agent_id }) => agent_id);
      for (const agentId of result.conflict!.agents) expect(agentIds).toContain(agentId);
      await expectConflict(document, result);
      numChecked += 1;
    }
    expect(numChecked).toBe(15);
  });

  it("is a conflict that solving confirms, on random waves with times", { timeout: 60_000 }, async () => {
    let numChecked = 0;
    for (let seed = 1; numChecked < 12; seed++) {
      const document = randomTimedDocument(seed) as unknown as Document;
      document.options = { load_limit: "none", no_defer: true };
      const result = await solveVerified(document);
      if (result.termination !== "infeasible") continue;
      await expectConflict(document, result);
      numChecked += 1;
    }
  });

  it("counts an absolute load limit where another task has no agent", async () => {
    const tasks = [task("t1", "a", 16), task("t2", "a", 10), task("t3", "a", 1, { required_skills: ["rare"] })];
    const document = { agents: agents({ capacity_ms: 16 }), tasks };
    const result = await solveVerified(document, { noDefer: true, loadLimit: "15ms" });
    expect(result.conflict).toMatchObject({ tasks: ["t1"], limits: ["load[a]"], minimal: true });
  });
});
