import { describe, expect, it } from "vitest";
import { deferralGoal, goalChain, type Instance, makespanMs, STRATEGY_MODELS } from "../../../models/index.js";
import type { Assignment } from "../../../models/index.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { OrderCertificate } from "../../../src/domain/certificates.js";
import { evaluateTimedCertificate } from "../../../src/engine/ordered/evaluate-timed-certificate.js";
import { toOrderCertificate } from "../../../src/engine/ordered/order-certificate.js";
import { viewSequencing } from "../../../src/engine/ordered/sequencing-view.js";
import { rootBound } from "../../../src/engine/sequencing/root-bound.js";
import { exceeds, forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

const NUM_INSTANCES = 60;
const NUM_RANDOM = 20;

/** A plan, and the least makespan of all plans that defer no more weight. */
interface Standard {
  readonly plan: Assignment;
  readonly least: number;
}

/** For each deferred weight that some plan has, one. */
function standardsOf(instance: Instance): Standard[] {
  const goal = deferralGoal(instance);
  const plans: { plan: Assignment; deferred: number; end: number }[] = [];
  forEachTimedPlan(instance, (plan) => {
    const one = { deferred: goal.evaluate(plan), end: makespanMs(instance, plan) };
    const known = plans.findIndex(({ deferred }) => deferred === one.deferred);
    if (known < 0) plans.push({ plan: copy(plan), ...one });
    else if (one.end < plans[known]!.end) plans[known] = { plan: copy(plan), ...one };
  });
  return plans.map(({ plan, deferred }) => {
    const ends = plans.filter((other) => other.deferred <= deferred * (1 + 1e-9)).map(({ end }) => end);
    return { plan, least: Math.min(...ends) };
  });
}

function copy({ agentOf, slotOf, startMs }: Assignment): Assignment {
  return { agentOf: agentOf.slice(), slotOf: slotOf.slice(), ...(startMs && { startMs: startMs.slice() }) };
}

function randomCertificate(instance: Instance, random: Random): OrderCertificate {
  const { taskIds, agentIds, timing } = instance;
  const rows = [...agentIds.map((id) => `makespan[${id}]`), ...timing!.poolNames.map((name) => `pool[${name}]`)];
  const multipliers = Object.fromEntries(rows.map((row) => [row, random.below(3) * random.unit()]));
  const tasks = taskIds.filter(() => random.below(4) > 0);
  const time = (): number => (random.below(2) === 0 ? 0 : random.below(30));
  switch (random.below(3)) {
    case 0:
      return { kind: "path", tasks: taskIds.filter(() => random.below(2) === 0), multipliers: {}, bound: 0 };
    case 1:
      return { kind: "fleet_interval", tasks, head_ms: time(), tail_ms: time(), multipliers, bound: 0 };
    default: {
      const refuted = Array.from({ length: random.below(6) }, () => {
        const pair = random.below(instance.numPairs);
        const from_ms = random.below(20) / 2;
        const ids = { task_id: taskIds[instance.pairTask[pair]!]!, agent_id: agentIds[instance.pairAgent[pair]!]! };
        return { ...ids, from_ms, to_ms: from_ms + random.below(40) / 2 };
      });
      const counts = Object.fromEntries(taskIds.map((id) => [id, random.below(4) === 0 ? 0 : 1 + random.unit()]));
      const contents = random.below(2) === 0 ? {} : { task_multipliers: counts };
      return { kind: "refuted_windows", at_ms: random.below(60), refuted, multipliers, ...contents, bound: 0 };
    }
  }
}

describe("certificates of order", () => {
  it("prove no more than exhaustion confirms, whatever they state and whatever may be deferred", () => {
    const useful: Record<string, number> = {};
    for (let seed = 1; seed <= NUM_INSTANCES; seed++) {
      const instance = randomTimedInstance(seed, 4);
      if (instance.deferral.kind === "priced") continue;
      const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
      const standards = standardsOf(instance);
      const random = drawingRandom(seed);
      for (let k = 0; k < NUM_RANDOM; k++) {
        const certificate = randomCertificate(instance, random);
        for (const { plan, least } of standards) {
          const bound = evaluateTimedCertificate(instance, chain, plan, certificate);
          if (bound > 0) useful[certificate.kind] = (useful[certificate.kind] ?? 0) + 1;
          expect({ seed, certificate, tooHigh: exceeds(bound, least) }).toMatchObject({ tooHigh: false });
        }
      }
    }
    for (const kind of ["path", "fleet_interval", "refuted_windows"]) expect(useful[kind]).toBeGreaterThan(20);
  });

  it("mean the same in a document as in the engine", () => {
    const seen: Record<string, number> = {};
    let numCovered = 0;
    for (let seed = 1; seed <= NUM_INSTANCES; seed++) {
      const instance = randomTimedInstance(seed);
      const view = viewSequencing(instance, { pairOf: "any" });
      if (instance.deferral.kind === "priced") continue;
      const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
      const none = new Int32Array(instance.numTasks);
      const { certificate: root, boundMs, prices } = rootBound(view.problem);
      const windows = { kind: "windows", latestEndMs: 0.9 * boundMs, refuted: [], prices, pricings: [] } as const;
      const taskPrices = Float64Array.from(view.taskOf, (_, task) => 1 + task / 64);
      for (const found of [root, windows, { ...windows, latestEndMs: boundMs * (1 + 1e-6), taskPrices }]) {
        const certificate = toOrderCertificate(instance, view, found);
        if (certificate === null) continue;
        if (certificate.kind === "refuted_windows" && certificate.task_multipliers !== undefined) numCovered++;
        seen[certificate.kind] = (seen[certificate.kind] ?? 0) + 1;
        const stated = JSON.parse(JSON.stringify(certificate)) as OrderCertificate;
        const proven = evaluateTimedCertificate(instance, chain, { agentOf: none, slotOf: none }, stated);
        expect(proven).toBe(certificate.bound);
      }
    }
    for (const kind of ["path", "fleet_interval", "refuted_windows"]) expect(seen[kind]).toBeGreaterThan(0);
    expect(numCovered).toBeGreaterThan(0);
  });
});
