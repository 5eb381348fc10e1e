import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { pageOfFolder } from "../../../src/pipeline/report/page/page-of-folder.js";
import { jsonLines } from "../files/scratch.js";
import { runIn, smallInputs } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

it("writes its tree and page though a task cannot keep its deadline any more, as no document may say of a pinned one", async () => {
  const tasks = [
    { task_id: "first", wave: 1 },
    { task_id: "late", wave: 2, pinned_agent: "agent_0", deadline_ms: 100 },
  ];
  const agents = [{ agent_id: "agent_0", unavailable: [[1_000, 2_000]] }];
  const root = smallInputs(tasks, { "phase18/agents.jsonl": jsonLines(agents) });
  const { summary } = await runIn(root, {
    live: true,
    executor: {
      ...{ name: "mine", execution: "real", time: "virtual" },
      execute: () => Promise.resolve({ succeeded: true, durationMs: 200 }),
    },
  });
  expect(summary!.tasks).toMatchObject({ total: 2, completed: 1, deferred: 1 });
  const page = await pageOfFolder(`${root}/phase19`);
  expect(page.waves[0]!.agents.find(({ agent_id }) => agent_id === "agent_0")!.away).toEqual([[1_000, 2_000]]);
});
