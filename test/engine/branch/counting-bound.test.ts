import { expect, it } from "vitest";
import { isPlaceable } from "../../../models/instance.js";
import { CountingBound } from "../../../src/engine/branch/counting-bound.js";
import { PlanState } from "../../../src/engine/search/plan-state.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { agents, estimate } from "../../support/documents.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

it("counts no task that no plan can place", () => {
  const task = (id: string, more: object = {}) => ({
    task_id: id,
    risk_level: "LOW",
    confidence: 0.9,
    estimates: { a: estimate(10), b: estimate(10) },
    ...more,
  });
  const document = {
    agents: agents({}, {}),
    tasks: [task("t1"), task("t2"), task("waits", { depends_on: ["old"] })],
    earlier_tasks: { old: "unfinished" },
  };
  const instance = buildInstance(fillFromPrior(parseProblem(document, "wave"), { maxRetries: 2 }), PLAIN_OPTIONS);
  expect([0, 1, 2].map((index) => isPlaceable(instance, index))).toEqual([true, true, false]);
  const bound = new CountingBound(instance, new PlanState(instance, []), [2, 0, 1], new Float64Array(2));
  expect(bound.hasRoom(0, 10)).toBe(true);
  expect(bound.hasRoom(0, 9)).toBe(false);
});
