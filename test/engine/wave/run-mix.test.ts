import { afterAll, describe, expect, it } from "vitest";
import { compareGoals, goalChain, type Instance } from "../../../models/index.js";
import { Session, type SolveContext } from "../../../src/engine/goals/session.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { buildPayoff } from "../../../src/engine/wave/mix-payoff.js";
import { runMix } from "../../../src/engine/wave/run-mix.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { randomTimedInstance } from "../ordered/random-timed-instance.js";

afterAll(closeSolvers);

const WEIGHTS = { success: 0.3, throughput: 0.5, confidence: 0.2 };

function sessionOf(workLimit: number | null, context: Partial<SolveContext> = {}, timeLimitMs = 10_000): Session {
  const options = { ...DEFAULT_OPTIONS, strategy: "mix", workLimit, timeLimitMs } as const;
  return new Session(options, { now: () => 0, clock: () => 0, fixedNow: true, ...context });
}

/** Ends the mix as soon as the payoff table is there. */
async function abortAfterPayoff(instance: Instance) {
  const controller = new AbortController();
  const session: Session = sessionOf(20_000, {
    signal: controller.signal,
    onProgress: ({ kind, stage }) => {
      if (kind === "stage" && !stage.startsWith("payoff")) controller.abort();
    },
  });
  return runMix(session, instance, WEIGHTS);
}

describe("a mix that is aborted after its payoff table", () => {
  it.each([
    ["with start times", (seed: number) => randomTimedInstance(seed, 9)],
    ["without", (seed: number): Instance => ({ ...randomTimedInstance(seed, 9), timing: null })],
  ] as const)("is no worse than any plan of the table, %s", async (_name, instanceOf) => {
    let numOpen = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const instance = instanceOf(seed);
      const { plans } = await buildPayoff(sessionOf(20_000), instance, WEIGHTS);
      const { outcome, model } = await abortAfterPayoff(instance);
      const { goals } = goalChain(instance, model);
      if (outcome.plan === null || plans.length === 0) continue;
      if (outcome.limit !== null) numOpen++;
      const values = goals.map((goal) => goal.evaluate(outcome.plan!));
      for (const plan of plans) {
        const known = goals.map((goal) => goal.evaluate(plan));
        expect(compareGoals(goals, values, known), `seed ${seed}`).toBeLessThanOrEqual(0);
      }
    }
    expect(numOpen).toBeGreaterThan(2);
  });
});

it("uses the whole time where a share of it ended a part of the table", async () => {
  let numCut = 0;
  for (const seed of [4, 5, 7, 8, 9, 13]) {
    let nowMs = 0;
    // A clock that goes on with every look at it: no wall clock decides anything here.
    const session = sessionOf(null, { clock: () => (nowMs += 5) }, 150);
    const { outcome } = await runMix(session, randomTimedInstance(seed, 40), WEIGHTS);
    if (outcome.limit === null || !session.budget.endedByClock) continue;
    numCut++;
    if (session.budget.movesLeft() > 0) expect(session.budget.endOfSearch(), `seed ${seed}`).toBe("time");
  }
  expect(numCut).toBeGreaterThan(3);
});
