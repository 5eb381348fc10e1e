import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ProgressEvent } from "../../../src/engine/goals/solve-progress.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, ALL_STRATEGIES, solveVerified, task } from "../../support/documents.js";
import { problemToDocument } from "../../../src/planner/documents/problem-document.js";
import { randomFullProblem } from "../../support/random-problem.js";

afterAll(closeSolvers);

function wave(numTasks: number, numAgents: number): unknown {
  return problemToDocument(randomFullProblem(3, numTasks, numAgents));
}

/** A packing that no plan fills and no greedy proves: 3 · 34 = 102 > 100, many near misses. */
const TIGHT = {
  agents: agents({ capacity_ms: 1000 }, { capacity_ms: 1000 }, { capacity_ms: 1000 }),
  tasks: Array.from({ length: 24 }, (_, k) => task(`t${String(k).padStart(2, "0")}`, "abc", 125.1 + (k % 7))),
};

describe("limits", () => {
  it("returns a feasible plan after 1 ms, and names the limit", async () => {
    for (const strategy of ALL_STRATEGIES) {
      const result = await solveVerified(wave(60, 6), { strategy, timeLimitMs: 1, solver: "glpk" });
      expect([result.termination, result.limit, result.reproducible]).toEqual(["feasible", "time", false]);
      expect(result.schedule).toHaveLength(60);
    }
  });

  it("has no solution where deferral is forbidden and the time is over before a plan is known", async () => {
    const result = await solveVerified(TIGHT, { noDefer: true, timeLimitMs: 1, solver: "glpk" });
    expect([result.termination, result.limit]).toEqual(["no_solution", "time"]);
    expect([result.objective.value, result.objective.gap, result.conflict]).toEqual([null, null, null]);
    expect(result.schedule).toEqual([]);
    expect(result.agent_assignments).toEqual({ a: [], b: [], c: [] });
  });

  it("obeys a signal that was aborted before, with greedy's plan", async () => {
    const signal = AbortSignal.abort();
    for (const strategy of ALL_STRATEGIES) {
      const result = await solveVerified(wave(60, 6), { strategy, signal });
      expect([result.termination, result.limit, result.reproducible]).toEqual(["feasible", "abort", false]);
      expect(result.schedule).toHaveLength(60);
    }
  });

  it("obeys a signal during a solve at once, with the best plan so far", async () => {
    const controller = new AbortController();
    let abortedAtMs = Infinity;
    const onProgress = (event: ProgressEvent): void => {
      if (event.kind !== "incumbent" || controller.signal.aborted) return;
      abortedAtMs = performance.now();
      controller.abort();
    };
    const document = wave(80, 8);
    const options = { strategy: "maximize_throughput", solver: "glpk", timeLimitMs: 20_000 } as const;
    const result = await solveVerified(document, { ...options, signal: controller.signal, onProgress });
    expect(performance.now() - abortedAtMs).toBeLessThan(2_000);
    expect([result.termination, result.limit, result.reproducible]).toEqual(["feasible", "abort", false]);
    expect(result.schedule).toHaveLength(80);
  });

  it("stops at the gap it was asked for, and says so", async () => {
    const exact = await solveVerified(wave(14, 3), { strategy: "maximize_throughput" });
    expect([exact.termination, exact.objective.gap]).toEqual(["optimal", 0]);
    const loose = await solveVerified(wave(14, 3), { strategy: "maximize_throughput", gap: 0.5 });
    expect([loose.termination, loose.limit, loose.reproducible]).toEqual(["feasible", "gap", true]);
    expect(loose.objective.gap).toBeGreaterThan(0);
    expect(loose.objective.gap).toBeLessThanOrEqual(0.5);
    const truth = exact.objective.value!;
    expect(loose.objective.bound).toBeLessThanOrEqual(truth * (1 + 1e-9));
    expect(loose.objective.value).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
  });

  it("spends no more moves than the work limit, the same every time", async () => {
    const options = { strategy: "balance_load", solver: "greedy", workLimit: 500 } as const;
    const [first, second] = [await solveVerified(wave(60, 6), options), await solveVerified(wave(60, 6), options)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect([first.termination, first.limit, first.reproducible]).toEqual(["feasible", "work", true]);
    const more = await solveVerified(wave(60, 6), { ...options, workLimit: 50_000 });
    expect(more.objective.value).toBeLessThanOrEqual(first.objective.value!);
  });
});

describe("the event loop", () => {
  const options = { strategy: "maximize_throughput", solver: "greedy" } as const;

  it("turns while the search runs", async () => {
    const document = wave(100, 10);
    let [isDone, lastMs, longestMs] = [false, performance.now(), 0];
    const look = (): void => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
      if (!isDone) setImmediate(look);
    };
    setImmediate(look);
    const startMs = performance.now();
    const result = await solve(document, options);
    const shareOfAll = longestMs / (performance.now() - startMs);
    isDone = true;
    expect(result.termination).toBe("feasible");
    expect(shareOfAll).toBeLessThan(0.3);
  });

  it("lets a timer abort the search", async () => {
    const controller = new AbortController();
    let abortedAtMs = Infinity;
    setTimeout(() => {
      abortedAtMs = performance.now();
      controller.abort();
    }, 100);
    const result = await solveVerified(wave(200, 10), { ...options, timeLimitMs: 60_000, signal: controller.signal });
    expect([result.termination, result.limit, result.reproducible]).toEqual(["feasible", "abort", false]);
    expect(performance.now() - abortedAtMs).toBeLessThan(2_000);
    expect(result.schedule).toHaveLength(200);
  });
});

describe("progress", () => {
  it.each(["maximize_success", "maximize_throughput"] as const)(
    "tells of plans and bounds of %s that only get better",
    async (strategy) => {
      const events: ProgressEvent[] = [];
      const onProgress = (event: ProgressEvent): void => void events.push(event);
      const result = await solveVerified(wave(40, 5), { strategy, onProgress, workLimit: 1_000_000 });
      const sign = result.objective.sense === "min" ? 1 : -1;
      const known = <T>(values: (T | null)[]): T[] => values.filter((value) => value !== null);
      const values = known(events.map(({ value }) => value)).map((value) => sign * value);
      const elapsed = events.map(({ elapsed_ms }) => elapsed_ms);
      expect(values.length).toBeGreaterThan(0);
      expect(events.some(({ kind }) => kind === "bound")).toBe(true);
      expect(values).toEqual(values.toSorted((a, b) => b - a));
      expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b));
      expect(sign * result.objective.value!).toBeLessThanOrEqual(values.at(-1)! + 1e-9);
      for (const { kind, value, bound, gap } of events) {
        if (value === null || bound === null) expect([kind, gap]).not.toEqual(["end", 0]);
        else expect(gap).toBeCloseTo(Math.abs(value - bound) / Math.max(Math.abs(value), Math.abs(bound)), 8);
      }
      const { value, bound, gap } = result.objective;
      expect(events.at(-1)).toMatchObject({ kind: "end", value, bound, gap });
      expect(new Set(events.filter(({ kind }) => kind === "stage").map(({ stage }) => stage)).size).toBe(
        events.filter(({ kind }) => kind === "stage").length,
      );
      for (const bound of known(events.map((event) => event.bound))) {
        expect(sign * bound).toBeLessThanOrEqual(sign * result.objective.value! + 1e-6);
      }
    },
  );
});
