import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { NO_HEURISTICS } from "../../../../src/domain/history.js";
import { predictionsOf } from "../../../../src/pipeline/execute/attempt-prediction.js";
import type { Executor } from "../../../../src/pipeline/execute/executor.js";
import { AgentAccounts } from "../../../../src/pipeline/execute/live/accounts.js";
import { fillFromPrior, parseProblem } from "../../../../src/planner/index.js";
import { estimate } from "../../../support/documents.js";
import { agentOf, execute, planned } from "../plans.js";

const BUSY = ["a", "b", "c", "d"];
const IDLE = "idle";

it("what a plan moves starts before the next plan is made, though attempts end while each is made", async () => {
  const own = estimate(1, { success_probability: 1, retries: 0 });
  const estimates = Object.fromEntries([...BUSY, IDLE].map((agentId) => [agentId, own]));
  const ids = [...BUSY.map((agentId) => `runs on ${agentId}`), "moved"];
  const problem = fillFromPrior(
    parseProblem(
      {
        agents: [...BUSY, IDLE].map((agent_id) => ({ agent_id })),
        tasks: ids.map((task_id) => ({ task_id, risk_level: "LOW", confidence: 0.9, estimates })),
      },
      "problem",
    ),
    { maxRetries: 0 },
  );
  const plan = ids.map((id, k) => planned(id, BUSY[k % BUSY.length]!, k < BUSY.length ? 0 : 1, { durationMs: 1 }));
  const accounts = new AgentAccounts(problem, plan);
  const answers: (() => void)[] = [];
  let numPlans = 0;
  let plansBeforeMove: number | null = null;
  const executor: Executor = {
    ...{ name: "slow", execution: "real" },
    execute: async ({ taskId }) => {
      if (taskId === "moved") plansBeforeMove = numPlans;
      else await new Promise<void>((resolve) => answers.push(resolve));
      return { succeeded: true };
    },
  };
  const { tasks } = await execute(
    plan,
    [...BUSY, IDLE].map((agentId) => agentOf(agentId)),
    executor,
    {
      ...{ accounts, heuristics: NO_HEURISTICS, maxRetries: 0 },
      predict: predictionsOf((taskId) => accounts.task(taskId)),
      // Each plan takes a while, and an attempt that was late ends meanwhile, which asks for another plan.
      planRest: async () => {
        numPlans++;
        answers.shift()?.();
        await sleep(5);
        return [{ taskId: "moved", agentId: IDLE, slot: 0, startMs: 0, endMs: 1 }];
      },
    },
  );
  expect(tasks.map(({ succeeded }) => succeeded)).toEqual(ids.map(() => true));
  expect(plansBeforeMove).toBe(1);
});
