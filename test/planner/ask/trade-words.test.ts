import { expect, it } from "vitest";
import type { GoalKey } from "../../../src/domain/index.js";
import { tradeWords } from "../../../src/planner/ask/trade-words.js";

const GOALS = [
  { key: "success", name: "success", sense: "max", unit: "tasks", bound: null },
  { key: "throughput", name: "makespan_ms", sense: "min", unit: "ms", bound: null },
] as unknown as Parameters<typeof tradeWords>[0];

function plan(name: string, success: number, throughput: number, deferred_weight: number | null = 0) {
  const values: Partial<Record<GoalKey, number>> = { success, throughput };
  return { name, kind: "strategy" as const, values: deferred_weight === null ? null : values, deferred_weight };
}

it("says what each strategy wins and loses beside the first, those with the same measures together", () => {
  const plans = [
    plan("sure", 2.91, 250),
    plan("quick", 2.6, 190),
    plan("calm", 2.9099, 250.01),
    plan("even", 2.6, 190),
  ];
  expect(tradeWords(GOALS, plans)).toEqual([
    "calm is as good as sure by every goal.",
    "Against sure, quick and even are better in makespan_ms (190, not 250) and are worse in success (2.6, not 2.91).",
  ]);
  expect(tradeWords(GOALS, plans.slice(0, 1))).toEqual([]);
});

it("says that any will do, that one leaves out more, and nothing of heuristics or what has no plan", () => {
  const [first, rule] = [plan("sure", 2, 100), { ...plan("round robin", 1, 300), kind: "baseline" as const }];
  expect(tradeWords(GOALS, [first, rule, plan("none", 0, 0, null)])).toEqual([]);
  expect(tradeWords(GOALS, [first, plan("calm", 2, 100), rule])).toEqual([
    "The plans of all strategies are as good by every goal: any of them will do.",
  ]);
  expect(tradeWords(GOALS, [first, plan("quick", 2, 80, 3)])).toEqual([
    "Against sure, quick leaves out a weight of 3, not 0 and is better in makespan_ms (80, not 100).",
  ]);
});
