import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainTiming } from "../../../models/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkExpected } from "../../../src/planner/verify/check-expected.js";
import { checkLimitCosts } from "../../../src/planner/verify/check-limit-costs.js";
import { checkScheduleRows } from "../../../src/planner/verify/check-schedule-rows.js";
import { askedOf, type Claim, claimOf, faultsOf, findingsOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

/** One agent has room for one task of 10 ms; t3 fits nowhere. */
const document: Document = {
  agents: agents({ capacity_ms: 10 }, {}),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 4, retries: 0.5 }) } }),
    task("t2", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 3, success_probability: 0.7 }) } }),
    task("t3", "ab", 10, { deadline_ms: 1 }),
  ],
};
let claim: Claim;

beforeAll(async () => {
  claim = await claimOf(document, { strategy: "minimize_cost", solver: "greedy", loadLimit: "none" });
});
afterAll(closeSolvers);

type Check = (draft: Draft, list: Parameters<typeof checkScheduleRows>[3]) => void;

function faults(check: Check, change: (draft: Draft) => void): string[] {
  const draft = claim.draft();
  change(draft);
  return faultsOf((list) => check(draft, list));
}

describe("the rows of a schedule", () => {
  const check: Check = (draft, list) => checkScheduleRows(draft, claim.problem, claim.plan, list);

  it("are those of the problem: t1 on a and t2 on b cost 4", () => {
    expect([...claim.plan.agentOf]).toEqual([0, 1, -1]);
    expect(findingsOf((list) => check(claim.draft(), list))).toEqual([
      "schedule rows: durations and estimates as in the problem",
    ]);
  });

  it.each<[string, (row: Draft["schedule"][number]) => void, string]>([
    ["an end", (row) => (row.end_ms += 1), "end − start is not the busy time"],
    ["a start", (row) => (row.start_ms += 1), "end − start is not the busy time"],
    ["a chance", (row) => (row.success_probability = 0.8), "success_probability is not the estimate"],
    ["retries", (row) => (row.retries += 1), "retries are not the estimate"],
    ["a gain", (row) => (row.confidence_delta = 0.03), "confidence_delta is not the estimate"],
  ])("may not state %s", (_, change, words) => {
    const ofFirst = faults(check, (draft) => change(draft.schedule.find(({ task_id }) => task_id === "t1")!));
    expect(ofFirst).toEqual([`schedule rows: t1: ${words}`]);
    const ofBoth = faults(check, (draft) => draft.schedule.forEach(change));
    expect(ofBoth).toEqual([`schedule rows: t1: ${words}; t2: ${words}`]);
  });
});

describe("the expectations of a plan", () => {
  const check: Check = (draft, list) => {
    const timed = { ...claim.instance, timing: plainTiming(claim.instance) };
    checkExpected(draft, claim.problem, timed, claim.plan, list);
  };

  it("are counted again: chances of 0.9 and 0.7, and 20 ms", () => {
    expect(findingsOf((list) => check(claim.draft(), list))).toEqual([
      "expected.success_rate: 0.8",
      expect.stringMatching(/^expected\.throughput_per_s: 80(?:\.0+\d*)?$/),
      "expected.confidence_delta: 0.02",
      "expected.makespan_ms: 20",
      "expected.retries: 0",
      "expected.cost: 4",
      "utilization of a: 0.5",
      "utilization of b: 1",
      "expected_success_rate: 0.8",
      "expected_confidence_delta: 0.02",
      "confidence: 0.8",
    ]);
  });

  it.each<[string, (draft: Draft) => void, string[]]>([
    ["a rate", (draft) => (draft.expected.success_rate = 0.9), ["expected.success_rate: stated 0.9, recomputed 0.8"]],
    ["a pace", (draft) => (draft.expected.throughput_per_s = null), ["expected.throughput_per_s: stated null, recom"]],
    ["a gain", (draft) => (draft.expected.confidence_delta = 0), ["expected.confidence_delta: stated 0, recomputed"]],
    ["a makespan", (draft) => (draft.expected.makespan_ms = 10), ["expected.makespan_ms: stated 10, recomputed 20"]],
    ["retries", (draft) => (draft.expected.retries = 1), ["expected.retries: stated 1, recomputed 0"]],
    ["a cost", (draft) => (draft.expected.cost = 5), ["expected.cost: stated 5, recomputed 4"]],
    ["a share", (draft) => (draft.expected.utilization["b"] = 0.9), ["utilization of b: stated 0.9, recomputed 1"]],
    [
      "no share",
      (draft) => void delete draft.expected.utilization["b"],
      ["utilization of b: stated null, recomputed 1"],
    ],
    ["a first rate", (draft) => (draft.expected_success_rate = 1), ["expected_success_rate: stated 1, recomputed 0.8"]],
    ["a first gain", (draft) => (draft.expected_confidence_delta = 1), ["expected_confidence_delta: stated 1, recomp"]],
    ["a confidence", (draft) => (draft.confidence = 0.7), ["confidence: stated 0.7, recomputed 0.8"]],
  ])("may not state %s", (_, change, expected) => {
    const found = faults(check, change);
    expect(found.map((one, k) => one.slice(0, expected[k]?.length))).toEqual(expected);
  });
});

describe("the cost of a load limit", () => {
  const limits = (draft: Draft, costs: Draft["limits"]["costs"], ofAgent: number | null = 15): void => {
    draft.limits.costs = costs;
    draft.limits.per_agent_ms = { a: 10, b: ofAgent };
  };
  const check: Check = (draft, list) => checkLimitCosts(draft, claim, list);

  it("is that of the two values: 2 without the limit, 4 with it", () => {
    const draft = claim.draft();
    limits(draft, { without: 2, by: 0.5 });
    expect(findingsOf((list) => check(draft, list))).toEqual([
      "limits.costs: a load limit is in force",
      "limits.costs.by: 0.5",
      "limits.costs: more than 1 %: 2, value 4",
      "limits.costs.without: stated 2, each task alone 2",
    ]);
    expect(findingsOf((list) => check(claim.draft(), list))).toEqual([]);
  });

  it.each<[string, Draft["limits"]["costs"], number | null, string[]]>([
    ["where none is in force", { without: 2, by: 0.5 }, null, ["limits.costs: no load limit is in force"]],
    ["by another share", { without: 2, by: 0.4 }, 15, ["limits.costs.by: stated 0.4, recomputed 0.5"]],
    ["from a value that is no better", { without: 5, by: 0.2 }, 15, ["limits.costs: more than 1 %: 5, value 4"]],
    ["of next to nothing", { without: 3.96, by: 0.01 }, 15, ["limits.costs: more than 1 %: 3.96, value 4"]],
    ["of a little more", { without: 3.9, by: 0.025 }, 15, []],
    [
      "beyond each task alone",
      { without: 1.9, by: 0.525 },
      15,
      ["limits.costs.without: stated 1.9, each task alone 2"],
    ],
    ["within its rounding", { without: 2 - 1e-9, by: 0.5 }, 15, []],
  ])("may not be stated %s", (_, costs, ofAgent, expected) => {
    expect(faults(check, (draft) => limits(draft, costs, ofAgent))).toEqual(expected);
  });
});

describe("the cost of a load limit on a goal that is maximised", () => {
  const wave = askedOf(document, { strategy: "maximize_success", loadLimit: "none" });
  const plan = { agentOf: Int32Array.of(0, 1, -1), slotOf: Int32Array.of(0, 0, -1) };

  /** The plan has 0.9 + 0.7; each task alone would have 0.9. */
  function faultsFor(without: number, by: number): string[] {
    const limits = { costs: { without, by }, per_agent_ms: { a: 10, b: 15 } };
    return faultsOf((list) => checkLimitCosts({ limits } as unknown as Draft, { ...wave, plan }, list));
  }

  it("is that of the two values", () => {
    expect(faultsFor(1.8, 0.2 / 1.8)).toEqual([]);
    expect(faultsFor(1.7, 0.1 / 1.7)).toEqual([]);
    expect(faultsFor(1.5, 0.1 / 1.6)).toEqual([
      expect.stringMatching(/^limits\.costs: more than 1 %: 1\.5, value 1\.6/),
    ]);
    expect(faultsFor(2, 0.2)).toEqual([
      expect.stringMatching(/^limits\.costs\.without: stated 2, each task alone 1\.8/),
    ]);
  });
});
