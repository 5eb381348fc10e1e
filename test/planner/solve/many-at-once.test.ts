import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solvesUnderWay } from "../../../src/engine/threads/admission.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, estimate, task } from "../../support/documents.js";

afterAll(closeSolvers);

const document = {
  agents: agents({}, {}, {}),
  tasks: Array.from({ length: 12 }, (_, k) =>
    task(`t${k}`, "", 0, { estimates: { a: estimate(5 + k), b: estimate(9 + (k % 4)), c: estimate(16 - k) } }),
  ),
};

it("plans 64 waves at once, each as it would alone", { timeout: 60_000 }, async () => {
  const now = new Date(0);
  const alone = await solve(document, { strategy: "maximize_throughput", now });
  const controller = new AbortController();
  const all = Array.from({ length: 64 }, (_, k) =>
    solve(document, {
      ...{ strategy: "maximize_throughput", now, timeLimitMs: 60_000 },
      ...(k >= 60 ? { signal: controller.signal } : {}),
    }),
  );
  controller.abort();
  const aborted = await Promise.all(all.slice(60));
  expect(solvesUnderWay.numWaiting).toBeGreaterThan(0);
  for (const { limit, schedule } of aborted) expect([limit, schedule.length]).toEqual(["abort", 12]);
  for (const { termination, schedule } of await Promise.all(all.slice(0, 60))) {
    expect([termination, schedule]).toEqual([alone.termination, alone.schedule]);
  }
  expect(solvesUnderWay.numWaiting).toBe(0);
});

it("searches with 64 seeds without a warning", { timeout: 60_000 }, async () => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", hear);
  const many = {
    agents: agents(...Array.from({ length: 8 }, () => ({}))),
    tasks: Array.from({ length: 60 }, (_, k) => task(`t${k}`, "abcdefgh", 1000 + ((k * 7919) % 997))),
  };
  const result = await solve(many, { strategy: "maximize_throughput", threads: 64, timeLimitMs: 500 });
  process.off("warning", hear);
  expect([warnings, result.schedule.length]).toEqual([[], 60]);
});
