import { describe, expect, it } from "vitest";
import { Elites, isSame } from "../../../src/engine/assignment/elites.js";

/** All tasks on agent 0 but for some on another. */
function assignment(cost: number, agent = 0, numMoved = 0) {
  return { cost, agentOf: new Int32Array(12).fill(agent, 0, numMoved) };
}

function costsAfter(...newcomers: readonly ReturnType<typeof assignment>[]): number[] {
  const elites = new Elites();
  for (const one of newcomers) elites.insert(one);
  return elites.kept.map(({ cost }) => cost);
}

describe("Elites", () => {
  it("takes assignments that differ in three tasks for one, and keeps the cheaper", () => {
    expect(isSame(assignment(5), assignment(7, 1, 3))).toBe(true);
    expect(isSame(assignment(5), assignment(7, 1, 4))).toBe(false);
    expect(costsAfter(assignment(5), assignment(7, 1, 3))).toEqual([5]);
    expect(costsAfter(assignment(7), assignment(5, 1, 3))).toEqual([5]);
    expect(costsAfter(assignment(5), assignment(7, 1, 4))).toEqual([5, 7]);
  });

  it("keeps the ten cheapest, from the cheapest on", () => {
    const many = Array.from({ length: 12 }, (_, k) => assignment(20 - k, k + 1, 12));
    expect(costsAfter(...many)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  });
});
