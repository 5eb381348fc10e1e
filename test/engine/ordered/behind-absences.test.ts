import { describe, expect, it } from "vitest";
import { type Assignment, deferralGoal, goalChain, makespanMs, STRATEGY_MODELS } from "../../../models/index.js";
import { createRandom } from "../../../src/domain/random.js";
import { evaluateTimedCertificate } from "../../../src/engine/ordered/evaluate-timed-certificate.js";
import { lastAbsenceMs, relaxOrder } from "../../../src/engine/ordered/relax-order.js";
import { evaluateCertificate } from "../../../src/engine/bounds/certificate.js";
import { exceeds, forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

describe("bounds of agents that arrive later by their absences", () => {
  it("hold for every plan that places all, and are often better", () => {
    let numBetter = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const instance = randomTimedInstance(seed, 4);
      const lastMs = lastAbsenceMs(instance);
      if (lastMs === 0 || instance.deferral.kind === "priced") continue;
      const deferral = deferralGoal(instance);
      let [plan, least]: [Assignment | null, number] = [null, Infinity];
      forEachTimedPlan(instance, (one) => {
        const end = makespanMs(instance, one);
        if (deferral.evaluate(one) > 0 || end >= least) return;
        const { agentOf, slotOf, startMs } = one;
        [plan, least] = [{ agentOf: agentOf.slice(), slotOf: slotOf.slice(), startMs: startMs!.slice() }, end];
      });
      if (plan === null) continue;
      const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
      const first = { goals: chain.goals.slice(0, chain.firstIndex + 1), firstIndex: chain.firstIndex };
      const random = createRandom(seed);
      for (let k = 0; k < 5; k++) {
        const multipliers = Object.fromEntries(instance.agentIds.map((id) => [`makespan[${id}]`, random.unit()]));
        const certificate = { kind: "lagrangian", multipliers, bound: 0 } as const;
        const bound = evaluateTimedCertificate(instance, chain, plan, certificate);
        expect(exceeds(bound, least)).toBe(false);
        const { instance: early, chain: forms } = relaxOrder(instance, first);
        const settled = first.goals.slice(0, -1).map((_, goal) => ({ goal: forms.goals[goal]!, value: 0 }));
        if (exceeds(bound, evaluateCertificate(early, forms.goals.at(-1)!, settled, certificate))) numBetter++;
      }
    }
    expect(numBetter).toBeGreaterThan(10);
  });
});
