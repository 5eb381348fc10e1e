import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { readJson, readLines, runIn, smallInputs } from "../../support/pipeline-runs.js";
import { jsonLines } from "../files/scratch.js";

afterAll(closeSolvers);

interface Alert {
  readonly alert_id: string;
  readonly message: string;
}

it("says from the third deferral of a task on that it starves, and how often it was put off", async () => {
  const tasks = [1, 2, 3, 4].map((wave) => ({ task_id: `urgent${wave}`, wave, priority: 1 }));
  const root = smallInputs(
    [...tasks, { task_id: "late", wave: 1, deadline_ms: 1_000_000, required_skills: ["gold"] }],
    {
      "phase18/agents.jsonl": jsonLines([
        { agent_id: "agent_0", skills: ["gold"], max_tasks: 0 },
        { agent_id: "agent_1" },
      ]),
    },
  );
  const { summary } = await runIn(root, { solver: "greedy" });
  expect(summary?.tasks).toMatchObject({ completed: expect.any(Number), deferred: expect.any(Number) });
  expect(checkOutputs(`${root}/phase19`)).toEqual([]);
  const rows = readLines(root, "phase19/deferred_tasks.jsonl").filter(({ task_id }) => task_id === "late");
  expect(rows.map(({ wave, waves_waited, final }) => [wave, waves_waited, final])).toEqual([
    [1, 1, false],
    [2, 2, false],
    [3, 3, false],
    [4, 4, true],
  ]);
  const alerts = readJson<Alert[]>(root, "phase19/alerts.json").filter(({ alert_id }) => /STARVING/.test(alert_id));
  expect(alerts).toMatchObject([
    { alert_id: "AL_STARVING_late", message: "late was put off 4 times, the last time in wave 4." },
  ]);
});
