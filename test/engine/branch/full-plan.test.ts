import { describe, expect, it } from "vitest";
import { findViolations } from "../../../models/feasibility.js";
import { DEFERRED, type Instance } from "../../../models/instance.js";
import { isFullPlanNear, searchFullPlan } from "../../../src/engine/branch/full-plan.js";
import { generateWave } from "../../../src/planner/bench/generate-wave.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { forEachPlan } from "../../support/brute-force.js";
import { smallProblem } from "../../support/check-against-brute-force.js";
import { agents, estimate, task } from "../../support/documents.js";

const FOREVER = { shouldStop: () => false };

function instanceOf(document: object): Instance {
  const problem = parseProblem(document, "wave");
  const options = resolveOptions(problem.options, {});
  return buildInstance(fillFromPrior(problem, options), { ...options, noDefer: true });
}

function canPlaceAll(instance: Instance): boolean {
  let isFound = false;
  forEachPlan({ ...instance, deferral: { kind: "first" } }, ({ agentOf }) => (isFound ||= !agentOf.includes(DEFERRED)));
  return isFound;
}

describe("searchFullPlan", () => {
  it("places every task where brute force can, and says of all other waves that nothing can", () => {
    const counts = { possible: 0, impossible: 0 };
    for (let seed = 1; seed <= 80; seed++) {
      const small = smallProblem(seed, 2_000);
      if (small === null || small.instance.timing !== null) continue;
      const instance: Instance = { ...small.instance, deferral: { kind: "forbidden" } };
      const { plan, isImpossible } = searchFullPlan(instance, FOREVER);
      const isPossible = canPlaceAll(instance);
      expect({ seed, isFound: plan !== null, isImpossible }).toEqual({
        seed,
        isFound: isPossible,
        isImpossible: !isPossible,
      });
      if (plan === null) counts.impossible++;
      else {
        counts.possible++;
        expect(plan.agentOf).not.toContain(DEFERRED);
        expect(findViolations(instance, plan)).toEqual([]);
      }
    }
    expect(Math.min(counts.possible, counts.impossible)).toBeGreaterThan(15);
  });

  it("knows that tasks which fit an agent need not fit its slots", () => {
    const long = { estimates: { a: estimate(60) } };
    const [two, three] = [2, 3].map((count) =>
      instanceOf({
        agents: agents({ slots: 2, capacity_ms: 100 }),
        tasks: Array.from({ length: count }, (_, k) => task(`t${k}`, "", 0, long)),
        options: { load_limit: "none" },
      }),
    );
    expect(searchFullPlan(two!, FOREVER).plan).not.toBeNull();
    expect(searchFullPlan(three!, FOREVER)).toMatchObject({ plan: null, isImpossible: true });
  });

  it("finds in few tries a plan of a tight wave, and claims nothing where it is ended", () => {
    const instance = instanceOf(generateWave({ numTasks: 40, numAgents: 8 }, true, drawingRandom(1)));
    expect(isFullPlanNear(instance)).toBe(true);
    const { plan, numTries } = searchFullPlan(instance, FOREVER);
    expect(findViolations(instance, plan!)).toEqual([]);
    expect(numTries).toBeLessThan(40_000);
    const few = searchFullPlan(instance, { ...FOREVER, maxTries: numTries - 1_000 });
    expect(few).toMatchObject({ plan: null, isImpossible: false, wasStopped: false });
    const stopped = searchFullPlan(instance, { shouldStop: () => true });
    expect(stopped).toMatchObject({ plan: null, isImpossible: false, wasStopped: true });
  });
});
