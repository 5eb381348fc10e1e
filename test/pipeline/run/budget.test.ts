import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { readJson, readLines, runIn, ScriptedExecutor, smallInputs } from "../../support/pipeline-runs.js";
import { jsonLines } from "../files/scratch.js";

afterAll(closeSolvers);

interface Alert {
  readonly alert_id: string;
  readonly severity: string;
  readonly message: string;
  readonly action: string;
}

it("says of tasks that the budget kept out, by the plan or when their turn came, that it is the cure", async () => {
  const tasks = Array.from({ length: 6 }, (_, k) => ({ task_id: `t${k}`, wave: 1 + (k % 2) }));
  const root = smallInputs(tasks, {
    "phase18/agents.jsonl": jsonLines([{ agent_id: "agent_0", cost_per_ms: 1 / 30 }]),
  });
  // Without history an attempt takes 30 ms, so each costs twice what is expected.
  const executor = new ScriptedExecutor(() => ({ cost: 2 }));
  const { summary } = await runIn(root, { solver: "greedy", live: true, executor, budget: 4 });
  expect(summary?.tasks).toMatchObject({ total: 6, completed: 2 });
  expect(checkOutputs(`${root}/phase19`)).toEqual([]);
  const stages = readLines(root, "phase19/deferred_tasks.jsonl").map(({ wave, stage }) => `${wave} ${stage}`);
  expect(stages).toEqual(["1 execution", "2 plan", "2 plan", "2 plan"]);
  const alerts = readJson<Alert[]>(root, "phase19/alerts.json");
  const stopped = alerts.find(({ alert_id }) => alert_id === "AL_BUDGET_STOPPED");
  expect(stopped).toMatchObject({ severity: "critical", message: expect.stringMatching(/^4 tasks were not started/) });
  const cures = alerts.filter(({ alert_id }) => alert_id.startsWith("AL_DEFERRED")).map(({ action }) => action);
  expect(cures).toEqual([expect.stringContaining("3 cost more than was left of the budget: raise --budget")]);
});
