import { afterAll, describe, expect, it } from "vitest";
import { goalChain } from "../../../models/strategy.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { verify } from "../../../src/planner/solve/solve.js";
import { solveProblem } from "../../../src/planner/solve/solve-problem.js";
import { verifyResult } from "../../../src/planner/verify/verify-result.js";
import { bruteForce } from "../../support/brute-force.js";
import { PLAIN_STRATEGIES, readAgents, smallProblem } from "../../support/check-against-brute-force.js";
import { agents, type Document, estimate, NOW, solveVerified, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

afterAll(closeSolvers);

const CLOCKS = { now: () => 0, clock: () => performance.now(), fixedNow: true };

function draftOf(result: ResultDocument): Draft {
  return JSON.parse(JSON.stringify(result)) as Draft;
}

describe("a claim of optimality", () => {
  it("is refuted where brute force knows a better plan", { timeout: 60_000 }, async () => {
    let [numFalse, numRefuted] = [0, 0];
    for (let seed = 1; seed <= 130; seed++) {
      const small = smallProblem(seed, 3_000);
      if (small === null || small.instance.numTasks < 3) continue;
      const best = bruteForce(small.instance);
      for (const strategy of PLAIN_STRATEGIES) {
        if (best[strategy] === null) continue;
        const options = { ...small.options, strategy, solver: "greedy", workLimit: 1 } as const;
        const result = await solveProblem(small.full, options, CLOCKS);
        if (result.termination !== "feasible") continue;
        const { goals, firstIndex } = goalChain(small.instance, STRATEGY_MODELS[strategy]);
        const plan = readAgents(result, small.instance);
        const upToFirst = goals.slice(0, firstIndex + 1);
        const values = upToFirst.map((goal) => (goal.sense === "min" ? 1 : -1) * goal.evaluate(plan));
        const optimum = best[strategy].slice(-values.length);
        if (values.every((value, k) => value - optimum[k]! <= 1e-5 * Math.max(1, Math.abs(value)))) continue;
        const draft = draftOf(result);
        [draft.termination, draft.limit, draft.objective.gap] = ["optimal", null, 0];
        draft.objective.bound = draft.objective.value;
        numFalse += 1;
        if (verifyResult(draft, small.full, options).verdict === "invalid") numRefuted += 1;
      }
    }
    expect(numFalse).toBeGreaterThan(20);
    // A short search is no proof; that it refutes nearly all false optima of small waves is what it is for.
    expect(numRefuted / numFalse).toBeGreaterThan(0.95);
  });
});

describe("a bound by a certificate that proves nothing", () => {
  const NOTHING = {
    lagrangian: {},
    knapsack: {},
    makespan_knapsack: { at_ms: 1 },
    max_load_knapsack: { at_ms: 1 },
    path: { tasks: ["t1"] },
    fleet_interval: { tasks: ["t1"], head_ms: 0, tail_ms: 0 },
    refuted_windows: { at_ms: 1, refuted: [] },
    in_turn: { rounds: [{ tasks: ["t1"], at_ms: null, multipliers: {} }] },
  } as const;
  /** Room for one task on the agent that is better, cheaper and faster at each, with a second agent for all of them. */
  const document = (isTimed: boolean): Document => ({
    agents: agents({ max_tasks: 1 }, {}),
    tasks: ["t1", "t2", "t3"].map((id, k) => ({
      ...task(id, "", 0),
      ...(isTimed && { release_ms: k }),
      estimates: {
        a: estimate(10 + k, {
          success_probability: 0.9 - 0.1 * k,
          retries: 0.1,
          confidence_delta: 0.3 - 0.1 * k,
          cost: 1 + k,
        }),
        b: estimate(40 + 2 * k, { success_probability: 0.5, retries: 0.5, confidence_delta: 0.1, cost: 10 }),
      },
    })),
    options: { load_limit: "none" },
  });

  it.each(PLAIN_STRATEGIES.flatMap((strategy) => [false, true].map((isTimed) => [strategy, isTimed] as const)))(
    "is refused, whatever the kind: %s, timed %s",
    async (strategy, isTimed) => {
      const wave = document(isTimed);
      const worse = { ...wave, tasks: wave.tasks.map((one) => ({ ...one, pinned_agent: "b" })) };
      const call = { strategy, solver: "greedy", workLimit: 1, gap: 0.9 } as const;
      const best = await solveVerified(wave, { strategy });
      const plan = draftOf(await solveVerified(worse, call));
      plan.problem_sha256 = best.problem_sha256;
      expect(plan.objective.value).not.toBeCloseTo(best.objective.value!, 6);
      for (const [kind, parts] of Object.entries(NOTHING)) {
        const draft = draftOf(plan);
        const bound = draft.objective.value!;
        draft.certificate = { kind, multipliers: {}, ...parts, bound } as unknown as Draft["certificate"];
        Object.assign(draft.objective, { bound, bound_by: "certificate", gap: 0 });
        const { verdict, message } = verify(draft, wave, call);
        expect([kind, verdict]).toEqual([kind, "invalid"]);
        expect(message).toContain("certificate: stated");
      }
    },
  );
});

describe("a claim without a plan", () => {
  const possible: Document = {
    agents: agents({ capacity_ms: 25 }, {}),
    tasks: ["t1", "t2", "t3"].map((id) => task(id, "ab", 10)),
  };
  const impossible: Document = { ...possible, agents: agents({ max_tasks: 1 }, { max_tasks: 1 }) };

  it("is refuted where a plan is easily found, or deferral is allowed", async () => {
    const result = await solveVerified(impossible, { noDefer: true });
    const draft = draftOf(result);
    draft.problem_sha256 = (await solveVerified(possible, { noDefer: true })).problem_sha256;
    draft.limits = draftOf(await solveVerified(possible, { noDefer: true })).limits;
    const report = verify(draft, possible, { noDefer: true });
    expect(report.verdict).toBe("invalid");
    expect(report.message).toContain("infeasible: a plan that places every task exists");
    const allowed = { ...draftOf(result), options: { ...draftOf(result).options, no_defer: false } };
    expect(verify(allowed, impossible).message).toContain("termination: infeasible, no_defer false");
    expect(verify(draftOf(result), impossible).message).toContain("options.no_defer: states true");
  });

  const PARTS: Record<string, (draft: Draft) => void> = {
    "a schedule": (draft) =>
      draft.schedule.push({
        ...{ task_id: "t1", agent_id: "a", slot: 0, start_ms: 0, end_ms: 10, end_interval_ms: [0, 10] },
        ...{ success_probability: 0.9, retries: 0, confidence_delta: 0 },
      }),
    "an assignment": (draft) => draft.agent_assignments.a!.push("t1"),
    "an agent of its own": (draft) => void (draft.agent_assignments.ghost = []),
    "an agent less": (draft) => void delete draft.agent_assignments.b,
    "a deferred task": (draft) => draft.deferred_tasks.push({ task_id: "t1", reason: "" }),
    "a bound": (draft) => void (draft.objective.bound = 1),
    "a gap": (draft) => void (draft.objective.gap = 0),
    "a second goal": (draft) => void (draft.objective.secondary = { name: "success", value: 1, proven: true }),
    "a certificate": (draft) => void (draft.certificate = { kind: "lagrangian", multipliers: {}, bound: 0 }),
    "a priority": (draft) => void (draft.task_priorities.t1 = 1),
    "an expectation": (draft) => void (draft.expected.cost = 0),
    "a confidence": (draft) => void (draft.confidence = 0.9),
    "no conflict": (draft) => void (draft.conflict = null),
    "a conflict of strange tasks": (draft) => void draft.conflict!.tasks.push("ghost"),
    "an agent as a task of the conflict": (draft) => void draft.conflict!.tasks.push("a"),
    "a conflict of strange agents": (draft) => void draft.conflict!.agents.push("ghost"),
    "a conflict of strange limits": (draft) => void draft.conflict!.limits.push("load[ghost]"),
    "a conflict of limits that nobody set": (draft) => void draft.conflict!.limits.push("budget"),
    "a conflict that names a limit twice": (draft) => void draft.conflict!.limits.push(draft.conflict!.limits[0]!),
    "an error": (draft) => void (draft.error = "yes"),
    "an optimum": (draft) => void (draft.termination = "optimal"),
  };

  it.each(Object.entries(PARTS))("must not have %s", async (_, add) => {
    const result = await solveVerified(impossible, { noDefer: true, now: NOW });
    expect(verify(draftOf(result), impossible, { noDefer: true }).verdict).toBe("valid");
    const draft = draftOf(result);
    add(draft);
    expect(verify(draft, impossible, { noDefer: true }).verdict).toBe("invalid");
  });
});

describe("what the schedule promises", () => {
  it("is refused where a hard deadline is missed by the order alone", async () => {
    const document = { agents: agents({}), tasks: [task("t1", "a", 30), task("t2", "a", 10, { deadline_ms: 12 })] };
    const draft = draftOf(await solveVerified(document));
    const [second, first] = draft.schedule as [Draft["schedule"][number], Draft["schedule"][number]];
    [first.start_ms, first.end_ms, second.start_ms, second.end_ms] = [0, 30, 30, 40];
    draft.schedule.reverse();
    draft.agent_assignments.a!.reverse();
    expect(verify(draft, document).message).toBe("feasible: deadline[t2]: t2 ends at 40 ms, after its deadline, 12 ms");
  });
});
