import { describe, expect, it } from "vitest";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generateSparseDag } from "../../../src/planner/bench/generate-dag.js";
import { solve } from "../../../src/planner/solve/solve.js";

const STRATEGY = { strategy: "maximize_throughput" } as const;

describe("the exhaustive search over plans", () => {
  it("ends at its first node where the makespan is proven and every plan succeeds alike", async () => {
    const size = { numTasks: 12, numAgents: 4 };
    const dag = generateSparseDag(size, 0.1, 1, createNamedRandom("exhaust", 2));
    const result = await solve(dagDocument(dag, { options: STRATEGY }), { ...STRATEGY, workLimit: 1e6 });
    expect(result.termination).toBe("optimal");
    expect(result.attempts.map(({ stage, note }) => [stage, note])).toContainEqual(["order: tree", "1 node"]);
  });
});
