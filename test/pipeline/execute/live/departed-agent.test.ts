import { describe, expect, it } from "vitest";
import { NO_HEURISTICS } from "../../../../src/domain/history.js";
import { predictionsOf } from "../../../../src/pipeline/execute/attempt-prediction.js";
import type { Executor } from "../../../../src/pipeline/execute/executor.js";
import { AgentAccounts } from "../../../../src/pipeline/execute/live/accounts.js";
import { LiveWave } from "../../../../src/pipeline/execute/live/live-wave.js";
import { MOST_MOVES } from "../../../../src/pipeline/execute/live/mover.js";
import { VirtualTime } from "../../../../src/pipeline/execute/timekeeper.js";
import { planSlots } from "../../../../src/pipeline/execute/wave-plan.js";
import { fillFromPrior, parseProblem } from "../../../../src/planner/index.js";
import { estimate } from "../../../support/documents.js";
import { planned } from "../plans.js";

const executor: Executor = {
  ...{ name: "none", execution: "simulated", time: "virtual" },
  execute: async () => ({ succeeded: true }),
};

/** What keeps a task from starting on agent a, which leaves at 150, and where it is then. */
function hurdleAt(nowMs: number, numMoves: number) {
  const own = estimate(100, { success_probability: 1, retries: 0 });
  const document = {
    agents: [{ agent_id: "a", available_until_ms: 150 }, { agent_id: "b" }],
    tasks: [{ task_id: "t0", risk_level: "LOW", confidence: 0.9, estimates: { a: own, b: own } }],
  };
  const problem = fillFromPrior(parseProblem(document, "problem"), { maxRetries: 0 });
  const plan = [planned("t0", "a", 0, { durationMs: 100 })];
  const accounts = new AgentAccounts(problem, plan);
  const live = new LiveWave(
    planSlots(plan, problem.agents),
    plan,
    {
      ...{ runId: "r", wave: 1, executor, heuristics: NO_HEURISTICS, maxRetries: 0, clock: () => 0 },
      ...{ accounts, calendar: accounts.calendar, onFailure: () => ({ kind: "give_up", reason: "a test" }) },
      predict: predictionsOf((taskId) => accounts.task(taskId)),
    },
    new VirtualTime(nowMs),
    { onPlaced: () => undefined, onNoRoom: () => undefined },
  );
  const [run, slot] = live.board.waitingRun("t0")!;
  run.numMoves = numMoves;
  const hurdle = live.hurdleOf(slot, run, nowMs, () => true);
  return [hurdle, live.board.waitingRun("t0")?.[1].agentId];
}

describe("a task on an agent that leaves", () => {
  it("goes elsewhere once its agent has left, however often it has moved", () => {
    expect(hurdleAt(150, 0)).toEqual(["moved", "b"]);
    expect(hurdleAt(150, MOST_MOVES)).toEqual(["moved", "b"]);
  });

  it("goes elsewhere where it would end too late, unless it has moved often enough: then it starts while its agent is there", () => {
    expect(hurdleAt(40, 0)).toEqual([null, "a"]);
    expect(hurdleAt(60, 0)).toEqual(["moved", "b"]);
    expect(hurdleAt(60, MOST_MOVES)).toEqual([null, "a"]);
  });
});
