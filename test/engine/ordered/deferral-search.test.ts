import { describe, expect, it } from "vitest";
import { deferredWeight } from "../../../models/measures.js";
import { findViolations, type Instance, runAtOnce } from "../../../models/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { readDeadlineWave } from "../../../src/engine/ordered/deadline-wave.js";
import { firstRecreation, searchDeferrals } from "../../../src/engine/ordered/deferral-search.js";
import { runInSlices } from "../../../src/engine/threads/slices.js";
import { planOfSchedule } from "../../../src/engine/ordered/plan-of-schedule.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { agents, task } from "../../support/documents.js";
import { forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

const NEVER = { start: null, shouldStop: () => false } as const;

function instanceOf(document: object): Instance {
  const parsed = parseProblem({ schema_version: 1, options: { load_limit: "none" }, ...document }, "test");
  const options = resolveOptions(parsed.options, {});
  return buildInstance(fillFromPrior(parsed, options), options);
}

function outWeightOf(instance: Instance, maxLooks: number): number {
  const { schedule } = runAtOnce(searchDeferrals(readDeadlineWave(instance), { seed: 1, maxLooks, ...NEVER }));
  const plan = planOfSchedule(schedule);
  expect(findViolations(instance, plan)).toEqual([]);
  const out = instance.weight.reduce((sum, weight, task) => sum + (schedule.isIn[task] === 1 ? 0 : weight), 0);
  expect(schedule.outWeight).toBeCloseTo(out, 6);
  expect(deferredWeight(instance, plan)).toBeLessThanOrEqual(out);
  return deferredWeight(instance, plan);
}

/** Moore, Management Science 15, 1968: by deadlines, the longest of the tasks so far goes where one would be late. */
function mostInTime(tasks: readonly (readonly [busyMs: number, deadlineMs: number])[]): number {
  const [kept, byDeadline] = [[] as number[], tasks.toSorted((a, b) => a[1] - b[1])];
  for (const [busy, deadline] of byDeadline) {
    kept.push(busy);
    kept.sort((a, b) => a - b);
    if (kept.reduce((sum, one) => sum + one, 0) > deadline) kept.pop();
  }
  return kept.length;
}

describe("the search for what to leave out", () => {
  it("leaves as few tasks out on one agent as the algorithm of Moore and Hodgson", () => {
    for (let seed = 1; seed <= 3; seed++) {
      const random = drawingRandom(seed);
      const drawn = Array.from({ length: 25 }, () => [100 + random.below(900), 500 + random.below(6_000)] as const);
      const instance = instanceOf({
        agents: agents({}),
        tasks: drawn.map(([busy, deadline], k) =>
          task(`t${k}`, "a", busy, { deadline_ms: deadline, estimates: { a: certain(busy) } }),
        ),
      });
      expect(instance.timing).toBeNull();
      expect(outWeightOf(instance, 300_000), `seed ${seed}`).toBe(25 - mostInTime(drawn));
    }
  });

  it("leaves out as little as any plan of tiny waves without pools, and never a plan that breaks a row", () => {
    let [numEqual, numCompared] = [0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const instance = randomTimedInstance(seed);
      if (instance.deferral.kind === "forbidden" || instance.timing!.usePool.length > 0) continue;
      let least = Infinity;
      forEachTimedPlan(instance, (plan) => (least = Math.min(least, deferredWeight(instance, plan))));
      const found = outWeightOf(instance, 5_000);
      expect(found, `seed ${seed}`).toBeGreaterThanOrEqual(least);
      numCompared++;
      if (found === least) numEqual++;
    }
    expect(numCompared).toBeGreaterThan(12);
    expect(numEqual).toBe(numCompared);
  });

  it("knows what no plan places, and that nothing more is to be won", async () => {
    const tight = { deadline_ms: 150 };
    const instance = instanceOf({
      agents: agents({}, {}),
      tasks: [
        task("t1", "ab", 100, { estimates: { a: certain(100), b: certain(100) } }),
        task("t2", "ab", 100, { ...tight, depends_on: ["t1"], estimates: { a: certain(100), b: certain(100) } }),
        task("t3", "ab", 100, { ...tight, estimates: { a: certain(100), b: certain(100) } }),
        task("t4", "ab", 100, { depends_on: ["t2"], estimates: { a: certain(100), b: certain(100) } }),
      ],
    });
    const wave = readDeadlineWave(instance);
    expect([...wave.isHopeless]).toEqual([0, 1, 0, 1]);
    expect(wave.hopelessWeight).toBe(2);
    expect((await runInSlices(firstRecreation(wave, 1))).outWeight).toBe(2);
  });
});

function certain(durationMs: number) {
  return { success_probability: 1, duration_ms: durationMs, retries: 0, confidence_delta: 0, cost: 0 };
}
