import { afterAll, describe, expect, it } from "vitest";
import { EstimateTable, type FullProblem } from "../../../src/domain/index.js";
import { closeSolvers } from "../../../src/engine/index.js";
import { beginSha256 } from "../../../src/planner/documents/begin-sha256.js";
import { packSteps } from "../../../src/planner/documents/pack-text.js";
import { packedSha256 } from "../../../src/planner/documents/packed-text.js";
import { problemSha256 } from "../../../src/planner/documents/problem-sha256.js";
import { runAtOnce } from "../../../models/index.js";
import { randomFullProblem } from "../../support/random-problem.js";

/** Tasks × agents that a thread hashes. */
const LARGE = [250, 40] as const;

/** Every kind of estimate: with planning numbers, with the error of a mean, with a number missing, in rows of a table. */
function withEveryShape(problem: FullProblem): FullProblem {
  const table = new EstimateTable(
    1,
    problem.agents.map(({ agentId }) => agentId),
  );
  for (const [k, column] of Object.values(table.values).entries()) column.fill(0.1 + k);
  const tasks = problem.tasks.map((task, k) => {
    const [agentId, estimate] = Object.entries(task.estimates)[k % problem.agents.length]!;
    const errors = { ...estimate.standardErrors, meanDurationMs: 5 };
    const others = [
      { ...estimate, planning: { successProbability: 0.5, retries: 0.1 } },
      { ...estimate, standardErrors: errors },
      { ...estimate, cost: NaN },
      { ...estimate, planning: { successProbability: 0.5, retries: 0.1 }, standardErrors: errors },
    ];
    const estimates = k % 7 === 0 ? table.row(0) : { ...task.estimates, [agentId]: others[k % others.length]! };
    return { ...task, estimates, uses: k % 3 === 0 ? { licence: 1 } : {} };
  });
  return { ...problem, tasks };
}

describe("beginSha256", () => {
  afterAll(() => closeSolvers());

  it("gives the hash of the problem, from a thread where it is large", async () => {
    for (const problem of [randomFullProblem(1, 12, 4), randomFullProblem(2, ...LARGE)]) {
      const sha256 = await beginSha256(problem);
      expect(await sha256()).toBe(problemSha256(problem));
    }
  });

  it("gives it too where the threads are closed meanwhile", async () => {
    const problem = randomFullProblem(3, ...LARGE);
    const sha256 = await beginSha256(problem);
    await closeSolvers();
    expect(await sha256()).toBe(problemSha256(problem));
  });

  it("hands over every kind of estimate as it is written", () => {
    const whole = withEveryShape(randomFullProblem(4, 60, 9));
    for (const problem of [whole, { ...whole, tasks: whole.tasks.slice(0, 3) }, { ...whole, tasks: [] }]) {
      expect(packedSha256(runAtOnce(packSteps(problem)))).toBe(problemSha256(problem));
    }
  });
});
