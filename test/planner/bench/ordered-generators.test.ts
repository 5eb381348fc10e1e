import { describe, expect, it } from "vitest";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import {
  DAG_FAMILIES,
  type DrawnDag,
  generateDag,
  generateSparseDag,
} from "../../../src/planner/bench/generate-dag.js";
import { generateShop, SHOP_FAMILIES } from "../../../src/planner/bench/generate-shop.js";
import { overtightDeadlines, plantDeadlines } from "../../../src/planner/bench/plant-deadlines.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { everyPlan } from "../../support/timed/every-plan.js";
import { readTimedWave } from "../../support/timed/wave.js";

const draw = (name: string) => createNamedRandom(name, 1);
const THROUGHPUT = { options: { strategy: "maximize_throughput" } } as const;

/** Every dependency is on an earlier task, so there is no cycle. */
function expectEarlier({ dependsOn }: DrawnDag): void {
  dependsOn.forEach((list, task) => list.forEach((other) => expect(other).toBeLessThan(task)));
}

describe.each(DAG_FAMILIES)("waves of family %s", (family) => {
  const dag = generateDag(family, { numTasks: 60, numAgents: 6 }, 3, draw("a"));

  it("are the same for the same stream, without cycles, with one to three slots, and a document", () => {
    expect(generateDag(family, { numTasks: 60, numAgents: 6 }, 3, draw("a"))).toEqual(dag);
    expectEarlier(dag);
    expect(Math.min(...dag.slots)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...dag.slots)).toBeLessThanOrEqual(3);
    const { tasks } = parseProblem(dagDocument(dag, THROUGHPUT), "test");
    expect(tasks.map(({ dependsOn }) => dependsOn.length)).toEqual(dag.dependsOn.map((list) => list.length));
  });
});

it("families have the shapes their names say", () => {
  const shape = (family: (typeof DAG_FAMILIES)[number]) =>
    generateDag(family, { numTasks: 60, numAgents: 6 }, 1, draw("b")).dependsOn.map((list) => list.length);
  expect(shape("chains").filter((count) => count === 0)).toHaveLength(6);
  expect(Math.max(...shape("chains"))).toBe(1);
  expect(shape("fan").filter((count) => count === 12).length).toBe(4);
  expect(shape("layers").filter((count) => count === 0)).toHaveLength(9);
  const random = shape("random").reduce((sum, count) => sum + count, 0) / 60;
  expect(random).toBeGreaterThan(0.5);
  expect(random).toBeLessThan(1.5);
});

describe.each(SHOP_FAMILIES)("shops of family %s", (family) => {
  it("have chains or layers, whole times and an agent for every task", () => {
    const shop = generateShop(family, draw("a"));
    expect(generateShop(family, draw("a"))).toEqual(shop);
    expectEarlier(shop);
    for (let task = 0; task < shop.numTasks; task++) {
      const own = shop.busyMs.subarray(task * shop.numAgents, (task + 1) * shop.numAgents);
      const times = own.filter((busy) => !Number.isNaN(busy));
      expect(times.length).toBeGreaterThan(0);
      expect(times.every((busy) => Number.isInteger(busy) && busy >= 1)).toBe(true);
    }
    parseProblem(dagDocument(shop, THROUGHPUT), "test");
  });
});

describe("deadlines", () => {
  const smallDag = (seed: number): DrawnDag =>
    generateSparseDag({ numTasks: 6, numAgents: 2 }, 0.2, 1, draw(`small-${seed}`));

  it("planted ones are for most tasks and can all be met", () => {
    let numDeadlines = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const dag = smallDag(seed);
      const deadlineMs = plantDeadlines(dag, draw(`deadlines-${seed}`));
      numDeadlines += deadlineMs.filter((deadline) => deadline < Infinity).length;
      const plans = everyPlan(readTimedWave(dagDocument(dag, { ...THROUGHPUT, deadlineMs }), {}), 1_000_000)!;
      expect(plans.length).toBeGreaterThan(0);
    }
    expect(numDeadlines).toBeGreaterThan(0.45 * 120);
    expect(numDeadlines).toBeLessThan(0.75 * 120);
  });

  it("overtight ones cannot all be met", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const dag = smallDag(seed);
      const deadlineMs = overtightDeadlines(dag, draw(`deadlines-${seed}`));
      expect(everyPlan(readTimedWave(dagDocument(dag, { ...THROUGHPUT, deadlineMs }), {}), 1_000_000)).toEqual([]);
    }
  });
});
