import { describe, expect, it } from "vitest";
import { goalChain } from "../../../models/strategy.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import type { ChainOutcome } from "../../../src/engine/goals/chain-outcome.js";
import { withPlan } from "../../../src/engine/goals/other-plan.js";
import { wave } from "../../planner/forecast/instances.js";

describe("what a chain proved, about another plan", () => {
  /** Two tasks that may be left out, which comes before the first goal. */
  const { instance } = wave([{ busyMs: 10 }, { busyMs: 20 }], [{ slots: 1 }]);
  const chain = goalChain({ ...instance, deferral: { kind: "first" } }, STRATEGY_MODELS.maximize_throughput);
  const planOf = (agents: number[]) => ({ agentOf: Int32Array.from(agents), slotOf: Int32Array.from(agents) });
  const both = planOf([0, 0]);
  const base: ChainOutcome = {
    ...{ instance, ...chain, plan: both, isInfeasible: false, limit: null, decidedBy: "engine" },
    steps: chain.goals.map((goal) => ({ goal, value: goal.evaluate(both), proof: "bound" as const })),
    certificate: { kind: "lagrangian", multipliers: {}, bound: 30 },
    ...{ bound: 30, boundBy: "relaxation" },
  };

  it("keeps its bound where no goal before the first is worse", () => {
    expect(withPlan(base, both)).toMatchObject({ bound: 30, boundBy: "relaxation", certificate: { bound: 30 } });
  });

  it("has no bound for a plan that gives up a goal before the first: that may pass it", () => {
    const { steps, bound, boundBy, certificate } = withPlan(base, planOf([0, -1]));
    expect({ bound, boundBy, certificate }).toEqual({ bound: null, boundBy: null, certificate: null });
    expect(steps.map(({ proof }) => proof)).toEqual(steps.map(() => null));
  });
});
