import { afterAll, describe, expect, it } from "vitest";
import { KeyedStream } from "../../../src/domain/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { AdaptiveScheduler } from "../../../src/pipeline/execute/adaptive-scheduler.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior, solve } from "../../../src/planner/solve/solve.js";
import { agents, asInput, type Document, estimate, NOW, task } from "../../support/documents.js";
import { randomTimedDocument } from "../../support/timed/random-wave.js";
import { untimelyAttempts } from "../../support/untimely-attempts.js";

afterAll(closeSolvers);

async function schedulerOf(document: Document) {
  const result = await solve(document, { now: NOW, strategy: "maximize_throughput", workLimit: 3_000 });
  return { result, scheduler: AdaptiveScheduler.fromDocument(asInput(document), result) };
}

describe("work taken off agents of a wave in which time binds", () => {
  it("keeps releases, absences, departures, pools and order", async () => {
    let [numMoves, numDown] = [0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const document = randomTimedDocument(seed) as unknown as Document;
      const { result, scheduler } = await schedulerOf(document);
      if (result.schedule.length === 0) continue;
      const luck = new KeyedStream(seed, "rebalanced");
      const agentId = document.agents[Math.floor(luck.uniform() * document.agents.length)]!["agent_id"] as string;
      const isDown = luck.uniform() < 0.5;
      const { planned, moves } = scheduler.adjustForAgentLoad(
        isDown ? { unavailable: new Set([agentId]), loadBoundMs: 1e6 } : {},
      );
      const parsed = parseProblem(document, "wave");
      const full = fillFromPrior(parsed, resolveOptions(parsed.options, {}));
      expect([seed, untimelyAttempts(full, planned)]).toEqual([seed, []]);
      if (isDown) expect(planned.filter((one) => one.agentId === agentId)).toEqual([]);
      const endOf = new Map(planned.map(({ taskId, endMs }) => [taskId, endMs]));
      for (const { startMs, dependsOn } of planned)
        for (const before of dependsOn) expect(endOf.get(before) ?? 0).toBeLessThanOrEqual(startMs + 1e-6);
      numMoves += moves.length;
      numDown += Number(isDown);
    }
    expect(numMoves).toBeGreaterThan(3);
    expect(numDown).toBeGreaterThan(5);
  });

  it("leaves what runs where and when it is", async () => {
    const on = (ms: number) => ({ estimates: { a: estimate(ms), b: estimate(ms) } });
    const { scheduler } = await schedulerOf({
      agents: agents({ unavailable: [[100, 150]] }, {}),
      tasks: [
        task("t0", "", 0, { ...on(90), pinned_agent: "a" }),
        task("t1", "", 0, { ...on(40), release_ms: 60, pinned_agent: "b" }),
        task("t2", "", 0, { ...on(30), release_ms: 20 }),
      ],
      options: { load_limit: "none" },
    });
    const before = new Map(scheduler.assignTasksToAgents().map(({ taskId, startMs }) => [taskId, startMs]));
    expect(before).toEqual(
      new Map([
        ...[
          ["t0", 0],
          ["t1", 60],
          ["t2", 20],
        ],
      ] as [string, number][]),
    );
    const fixed = new Set(["t0", "t1"]);
    const { planned } = scheduler.adjustForAgentLoad({ unavailable: new Set(["b"]), fixed, loadBoundMs: 1_000 });
    // t2 leaves b; a is busy until 90, and then away before it could end.
    const places = planned.map(({ taskId, agentId, startMs }) => [taskId, agentId, startMs]);
    expect(places).toEqual([
      ["t0", "a", 0],
      ["t1", "b", 60],
      ["t2", "a", 150],
    ]);
  });

  it("defers what only an agent that is down can take, also where nothing was to be deferred", async () => {
    const { scheduler } = await schedulerOf({
      agents: agents({}, {}),
      tasks: [task("t0", "a", 10, { release_ms: 5 }), task("t1", "ab", 10, { release_ms: 5 })],
      options: { load_limit: "none", no_defer: true },
    });
    const { deferred, planned } = scheduler.adjustForAgentLoad({ unavailable: new Set(["a"]) });
    expect(deferred).toEqual([{ taskId: "t0", reason: "a is down and no other agent can take it" }]);
    expect(planned.map(({ taskId, agentId }) => [taskId, agentId])).toEqual([["t1", "b"]]);
  });
});
