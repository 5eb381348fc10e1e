import { describe, expect, it } from "vitest";
import { AgentAccounts } from "../../../../src/pipeline/execute/live/accounts.js";
import { AgentHealth } from "../../../../src/pipeline/execute/live/agent-health.js";
import type { Move } from "../../../../src/pipeline/execute/live/mover.js";
import { Progress } from "../../../../src/pipeline/execute/live/progress.js";
import { Purse } from "../../../../src/pipeline/execute/live/purse.js";
import { Replanner } from "../../../../src/pipeline/execute/live/replanner.js";
import { SlotBoard } from "../../../../src/pipeline/execute/live/slot-board.js";
import { predictionsOf } from "../../../../src/pipeline/execute/attempt-prediction.js";
import { planSlots } from "../../../../src/pipeline/execute/wave-plan.js";
import { fillFromPrior, parseProblem } from "../../../../src/planner/index.js";
import { estimate } from "../../../support/documents.js";
import { planned } from "../plans.js";

const IDS = ["t0", "t1", "t2"];

/** The moves of a plan that sends three tasks of 100 ms, which wait on a, to b. */
async function movesTo(a: object, deadlineMs: number | null = null) {
  const own = estimate(100, { success_probability: 1, retries: 0 });
  const tasks = IDS.map((task_id) => ({
    ...{ task_id, risk_level: "LOW", confidence: 0.9, estimates: { a: own, b: own } },
    ...(deadlineMs !== null && { deadline_ms: deadlineMs }),
  }));
  const document = { agents: [{ agent_id: "a", ...a }, { agent_id: "b" }], tasks };
  const problem = fillFromPrior(parseProblem(document, "problem"), { maxRetries: 0 });
  const plan = IDS.map((id, k) => planned(id, "a", 100 * k, { durationMs: 100 }));
  const accounts = new AgentAccounts(problem, plan);
  const predict = predictionsOf((taskId) => accounts.task(taskId));
  const board = new SlotBoard(planSlots(plan, problem.agents), predict, accounts.calendar);
  const moves: Move[] = [];
  const health = new AgentHealth(0);
  health.startWave(1);
  const replanner = new Replanner({
    ...{ board, accounts, health, progress: new Progress(), purse: new Purse(null), predict },
    planRest: async () =>
      IDS.map((taskId, k) => ({ taskId, agentId: "b", slot: 0, startMs: 100 * k, endMs: 100 * (k + 1) })),
    onMove: (move) => void moves.push(move),
    ...{ onPlaced: () => undefined, onNoRoom: () => undefined },
  });
  replanner.ask("a test");
  await replanner.replan(0, { finished: new Set(), lost: new Set(), unplaced: new Set() });
  return Object.fromEntries(moves.map(({ taskId, gainMs }) => [taskId, gainMs]));
}

describe("the gain of a move", () => {
  it("is nothing between agents that are alike, and counts the absences of the one that is left", async () => {
    expect(await movesTo({})).toEqual({ t0: 0, t1: 0, t2: 0 });
    expect(await movesTo({ unavailable: [[150, 400]] })).toEqual({ t0: 0, t1: 300, t2: 300 });
  });

  it("is not known of what could not have run in time", async () => {
    expect(await movesTo({ available_until_ms: 250 })).toEqual({ t0: 0, t1: 0, t2: null });
    expect(await movesTo({ unavailable: [[150, 400]] }, 550)).toEqual({ t0: 0, t1: 300, t2: null });
  });
});
