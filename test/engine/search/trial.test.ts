import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findViolations } from "../../../models/feasibility.js";
import { DEFERRED, findPair, type Instance } from "../../../models/instance.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { PlanState } from "../../../src/engine/search/plan-state.js";
import { Scoring } from "../../../src/engine/search/scoring.js";
import { Trial } from "../../../src/engine/search/trial.js";
import { PLAIN_STRATEGIES, smallProblem } from "../../support/check-against-brute-force.js";
import { runs } from "../../support/runs.js";

const SEEDS = fc.integer({ min: 1, max: 100_000 });

/** A plan with tasks placed in so many steps, and what scores it by every goal. */
function somePlan(
  seed: number,
  numSteps: number,
): { instance: Instance; state: PlanState; scoring: Scoring; random: Random } | null {
  const plain = smallProblem(seed, 3_000)?.instance;
  if (plain === undefined || plain.numPairs === 0) return null;
  const instance: Instance = plain.deferral.kind === "forbidden" ? { ...plain, deferral: { kind: "first" } } : plain;
  const goals = PLAIN_STRATEGIES.flatMap((strategy) => goalChain(instance, STRATEGY_MODELS[strategy]).goals);
  const state = new PlanState(instance, goals);
  const random = drawingRandom(seed);
  for (let step = 0; step < numSteps; step++) {
    const pair = random.below(instance.numPairs);
    const slot = random.below(instance.slots[instance.pairAgent[pair]!]!);
    const isFree = state.agentOf[instance.pairTask[pair]!] === DEFERRED;
    if (isFree && state.canPlace(pair, slot)) state.place(pair, slot);
  }
  return { instance, state, scoring: new Scoring(state), random };
}

/** Equal but for the rounding of sums. */
function expectScore(score: Float64Array, scoring: Scoring): void {
  const read = new Float64Array(scoring.length);
  scoring.read(read);
  const isEqual = (value: number, k: number): boolean =>
    Math.abs(score[k]! - value) <= 1e-9 * Math.max(1, Math.abs(value));
  expect(read.every(isEqual), `${score.join(" ")} is not ${read.join(" ")}`).toBe(true);
}

describe("Trial", () => {
  it("scores a task on a slot as the plan with it is scored", () => {
    let numTried = 0;
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const plan = somePlan(seed, 4);
        if (plan === null) return;
        const { instance, state, scoring } = plan;
        const trial = new Trial(state, scoring);
        for (let pair = 0; pair < instance.numPairs; pair++) {
          if (state.agentOf[instance.pairTask[pair]!] !== DEFERRED || !state.canPlace(pair, 0)) continue;
          trial.begin();
          trial.place(pair, 0);
          state.place(pair, 0);
          expectScore(trial.score, scoring);
          state.remove(instance.pairTask[pair]!);
          numTried += 1;
        }
      }),
      runs(60),
    );
    expect(numTried).toBeGreaterThan(30);
  });

  it("scores a swap as the plan after it, and lets it happen exactly where that breaks no row", () => {
    const counts = { yes: 0, no: 0 };
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const plan = somePlan(seed, 30);
        if (plan === null) return;
        const { instance, state, scoring, random } = plan;
        const trial = new Trial(state, scoring);
        for (let step = 0; step < 40; step++) {
          const [task, other] = [random.below(instance.numTasks), random.below(instance.numTasks)];
          const [from, to] = [state.agentOf[task]!, state.agentOf[other]!];
          if (task === other || from === DEFERRED || to === DEFERRED) continue;
          const [pair, otherPair] = [findPair(instance, task, to), findPair(instance, other, from)];
          if (pair === undefined || otherPair === undefined || state.slotAt(task) === state.slotAt(other)) continue;
          const [slot, otherSlot] = [state.slotOf[other]!, state.slotOf[task]!];
          const fits = state.canSwap(pair, otherPair);
          trial.begin();
          trial.swap(pair, otherPair);
          const before = state.snapshot();
          state.remove(task);
          state.remove(other);
          state.place(pair, slot);
          state.place(otherPair, otherSlot);
          expect(fits).toBe(findViolations(instance, state.snapshot()).length === 0);
          expectScore(trial.score, scoring);
          if (!fits) state.restore(before);
          counts[fits ? "yes" : "no"] += 1;
        }
      }),
      runs(60),
    );
    expect(counts.yes).toBeGreaterThan(100);
    expect(counts.no).toBeGreaterThan(20);
  });
});
