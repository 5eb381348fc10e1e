import { afterAll, expect, it } from "vitest";
import { drawingRandom } from "../../../support/drawing-random.js";
import { closeSolvers } from "../../../../src/engine/goals/threads.js";
import { AdaptiveScheduler } from "../../../../src/pipeline/execute/adaptive-scheduler.js";
import type { AttemptResult } from "../../../../src/pipeline/execute/executor.js";
import { WaveInbox } from "../../../../src/pipeline/execute/live/inbox.js";
import { solve } from "../../../../src/planner/solve/solve.js";
import { estimate, NOW } from "../../../support/documents.js";

afterAll(closeSolvers);

/** A random wave with tight limits in which tasks come and are withdrawn, attempts fail, and some waves are interrupted. */
async function play(seed: number) {
  const { unit, below } = drawingRandom(seed);
  const maybe = <T extends object>(share: number, field: T): T | object => (unit() < share ? field : {});
  const agents = Array.from({ length: 1 + below(2) }, (_, k) => ({
    ...{ agent_id: `a${k}`, slots: 1 + below(2) },
    ...maybe(0.7, { max_tasks: 2 + below(3) }),
    ...maybe(0.3, { capacity_ms: 100 + below(400) }),
    ...maybe(0.5, { unavailable: [[150, 300]] }),
  }));
  const row = (task_id: string, weight: number) => ({
    ...{ task_id, risk_level: "LOW", confidence: 0.9, weight },
    estimates: Object.fromEntries(agents.map(({ agent_id }) => [agent_id, estimate(20 + below(180), { retries: 0 })])),
    ...maybe(0.2, { deadline_ms: 200 + below(1_300) }),
    ...maybe(0.1, { release_ms: 10 + below(300) }),
  });
  const tasks = Array.from({ length: 3 + below(4) }, (_, k) => row(`t${k}`, 1 + below(5)));
  const document = { agents, tasks, options: { load_limit: "none" } } as never;
  const result = await solve(document, { now: NOW, strategy: "maximize_throughput", solver: "greedy" });
  const scheduler = AdaptiveScheduler.fromDocument(document, result, { maxRetries: 2 });
  const inbox = new WaveInbox();
  const ids = result.schedule.map(({ task_id }) => task_id);
  for (let k = 2 + below(3); k > 0; k--) {
    const id = unit() < 0.5 ? `early${k}` : `z${k}`;
    inbox.add(scheduler.readTask(row(id, 1 + below(50))), below(200));
    if (unit() < 0.2) inbox.withdraw(id, below(600));
    ids.push(id);
  }
  if (unit() < 0.5) inbox.withdraw(`t${below(12)}`, below(400));
  const interruption = new AbortController();
  const interruptedAt = unit() < 0.4 ? 2 + below(5) : Infinity;
  let numMade = 0;
  const ran = await scheduler.executeSchedule({
    ...{ inbox, signal: interruption.signal },
    executor: {
      ...{ name: "unruly", execution: "simulated", time: "virtual" },
      execute: async ({ expectedDurationMs }): Promise<AttemptResult> => {
        if (++numMade === interruptedAt) interruption.abort();
        const fate = unit();
        if (fate < 0.7) return { succeeded: true, durationMs: expectedDurationMs * (0.3 + 2 * unit()) };
        return { succeeded: false, durationMs: 20, errorKind: fate < 0.9 ? "task" : "agent" };
      },
    },
  });
  return { agents, ids, ran, numMade };
}

it("whatever comes and goes, each task has one fate, each attempt is told of, and no agent takes more than it may", async () => {
  let numDisplaced = 0;
  for (let seed = 1; seed <= 5; seed++) {
    const { agents, ids, ran, numMade } = await play(seed);
    const told = [...ran.tasks, ...ran.notStarted].map(({ taskId }) => taskId);
    expect([seed, told.sort()]).toEqual([seed, ids.sort()]);
    const attempts = ran.tasks.flatMap((task) => task.attempts);
    expect([seed, attempts.length]).toEqual([seed, numMade]);
    for (const agent of agents) {
      const own = new Set(attempts.filter(({ agentId }) => agentId === agent.agent_id).map(({ taskId }) => taskId));
      const { max_tasks: most = Infinity } = agent as { readonly max_tasks?: number };
      expect([seed, own.size <= most]).toEqual([seed, true]);
    }
    numDisplaced += ran.notStarted.filter(({ reason }) => reason.includes("has no room")).length;
  }
  expect(numDisplaced).toBeGreaterThan(0);
});
