import { expect, it } from "vitest";
import { NO_HEURISTICS } from "../../../../src/domain/history.js";
import { executePlan } from "../../../../src/pipeline/execute/execute-plan.js";
import { fillFromPrior, parseProblem } from "../../../../src/planner/index.js";
import { estimate } from "../../../support/documents.js";
import { planned } from "../plans.js";

it("what was found to be in time is what starts: a clock goes on between two readings", async () => {
  const ids = Array.from({ length: 30 }, (_, k) => `t${String(k).padStart(2, "0")}`);
  const own = estimate(0.1, { success_probability: 1, retries: 0 });
  const tasks = ids.map((task_id) => ({ task_id, risk_level: "LOW", confidence: 0.9, estimates: { a: own } }));
  for (let leavesAtMs = 40; leavesAtMs < 60; leavesAtMs++) {
    const agents = [{ agent_id: "a", available_until_ms: leavesAtMs + 0.5 }];
    const problem = fillFromPrior(parseProblem({ agents, tasks }, "problem"), { maxRetries: 0 });
    let readings = 0;
    const ran = await executePlan(
      problem,
      ids.map((id, k) => planned(id, "a", k, { durationMs: 0.1 })),
      {
        ...{ runId: "r", wave: 1, heuristics: NO_HEURISTICS, maxRetries: 0, seed: 1, reassignment: false },
        executor: { name: "at once", execution: "real", execute: async () => ({ succeeded: true }) },
        clock: () => readings++,
      },
    );
    const latestMs = Math.max(...ran.tasks.map(({ startMs }) => startMs));
    expect([leavesAtMs, latestMs < leavesAtMs + 0.5, ran.notStarted.length > 0]).toEqual([leavesAtMs, true, true]);
  }
});
