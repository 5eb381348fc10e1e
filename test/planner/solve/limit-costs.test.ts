import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { Paint } from "../../../src/faces/cli/paint.js";
import { renderResult } from "../../../src/faces/cli/render-result.js";
import { verify } from "../../../src/planner/solve/solve.js";
import { agents, estimate, type Row, solveVerified, task } from "../../support/documents.js";

afterAll(closeSolvers);

const plain = (text: string): string => text;
const PAINT: Paint = { width: 100, bold: plain, dim: plain, good: plain, bad: plain, mixed: plain };

/** Ten tasks that agent a does better than b, so that a linear goal would give a all of them. */
const lopsided = (own: Row = {}) => ({
  agents: agents(own, {}),
  tasks: Array.from({ length: 10 }, (_, k) =>
    task(`t${k}`, "", 0, {
      estimates: { a: estimate(10, { success_probability: 0.9 }), b: estimate(10, { success_probability: 0.6 }) },
    }),
  ),
});

describe("what the load limit costs", () => {
  it("is the goal without it, and the difference as a fraction", async () => {
    const { limits, objective } = await solveVerified(lopsided());
    // 1.25 · 50 ms: six tasks on a, four on b; without the limit all ten on a.
    expect(objective.value).toBeCloseTo(6 * 0.9 + 4 * 0.6, 9);
    expect(limits.costs!.without).toBeCloseTo(9, 9);
    expect(limits.costs!.by).toBeCloseTo(1.2 / 9, 9);
  });

  it("is not the cost of a capacity", async () => {
    const { limits } = await solveVerified(lopsided({ capacity_ms: 60 }));
    expect(limits.costs).toBeNull();
  });

  it("is null where there is no limit, where nothing is lost, and of a makespan", async () => {
    expect((await solveVerified(lopsided(), { loadLimit: "none" })).limits.costs).toBeNull();
    expect((await solveVerified(lopsided(), { strategy: "maximize_throughput" })).limits.costs).toBeNull();
    expect((await solveVerified(lopsided(), { strategy: "minimize_cost" })).limits.costs).toBeNull();
  });

  it("is null of a time that no plan beyond the limit beats, whether tasks may be deferred or not", async () => {
    // 1.25 · 18 ms: the chain alone takes 18 ms, whatever the limit.
    const chain = {
      agents: agents({}, {}),
      tasks: [
        task("t1", "", 0, { estimates: { a: estimate(9), b: estimate(9) } }),
        task("t2", "", 0, { depends_on: ["t1"], estimates: { a: estimate(9), b: estimate(9) } }),
        task("t3", "", 0, { estimates: { a: estimate(11), b: estimate(5) } }),
      ],
    };
    for (const noDefer of [true, false]) {
      for (const strategy of ["maximize_throughput", "balance_load"] as const) {
        const { limits, objective } = await solveVerified(chain, { strategy, noDefer });
        expect(objective.value).toBe(strategy === "maximize_throughput" ? 18 : 14);
        expect(limits.costs).toBeNull();
      }
    }
  });

  it("is null of a goal that is no sum of pairs, and of a mix", async () => {
    const waiting = {
      ...lopsided(),
      tasks: lopsided().tasks.map((one, k) => (k < 9 ? one : { ...one, depends_on: ["t0"] })),
    };
    expect((await solveVerified(waiting)).limits.costs).toBeNull();
    expect((await solveVerified(lopsided(), { strategy: "mix" })).limits.costs).toBeNull();
  });

  it("is told in one line, and checked as far as it can be", async () => {
    const result = await solveVerified(lopsided());
    const text = renderResult(result, PAINT).replace(/\s+/g, " ");
    expect(text).toContain("The load limit costs up to 13.3 %: success is 7.8, without it at most 9");
    const claim = (costs: Row | null): string => {
      const limits = { ...result.limits, costs };
      return verify({ ...JSON.parse(JSON.stringify(result)), limits }, lopsided()).verdict;
    };
    expect(claim({ without: 9, by: 0.2 })).toBe("invalid");
    expect(claim({ without: 9.5, by: 1.7 / 9.5 })).toBe("invalid");
    expect(claim({ without: 7, by: 0.8 / 7.8 })).toBe("invalid");
    expect(verify(JSON.parse(JSON.stringify(result)), lopsided()).unchecked.join()).toContain("limits.costs");
  });
});
